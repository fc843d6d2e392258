import Basics
import SurfaceKit

/// Keeps the bot’s menu of commands as it should be; asks the server for it only after a change.
struct CommandMenu: Sendable {
    let api: BotAPI
    let context: SurfaceContext

    private static let key = "menu"

    /// Sets the menu unless it is known to be set.
    ///
    /// A failure is only a menu that stays old until the next start.
    func update() async {
        let menus = Self.menus
        let wanted = hex(sha256(JSONValue.array(menus.map { .object($0) }).encoded))
        do throws(SurfaceError) {
            guard try await context.state.value(Self.key) != wanted else { return }
            for menu in menus {
                do throws(BotAPIError) {
                    _ = try await api.call("setMyCommands", menu)
                } catch {
                    throw SurfaceError(error)
                }
            }
            try await context.state.apply([StateChange(key: Self.key, value: wanted)])
        } catch {
            context.log.debug("The menu of commands could not be set", ["reason": "\(error)"])
        }
    }

    /// The parameters of `setMyCommands`, for everybody and for people whose app speaks Russian.
    static var menus: [JSONObject] {
        let menus: [(String?, KeyPath<ChatCommand, String?>)] = [
            (nil, \ChatCommand.englishSummary), ("ru", \.russianSummary),
        ]
        return menus.map { language, summary in
            var parameters = JSONObject()
            parameters["commands"] = .array(
                ChatCommand.allCases.compactMap { command in
                    command[keyPath: summary].map {
                        ["command": .string(command.rawValue), "description": .string($0)]
                    }
                }
            )
            parameters["language_code"] = language.map { .string($0) }
            return parameters
        }
    }
}
