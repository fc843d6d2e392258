import Basics
import SurfaceKit

/// Keeps the bot’s list of commands as it should be; tells the service only after a change.
struct CommandMenu: Sendable {
    let api: MaxAPI
    let context: SurfaceContext

    private static let key = "menu"
    /// Characters of a description.
    private static let longest = 128

    /// Sets the list unless it is known to be set.
    ///
    /// A failure is only a list that stays old until the next start.
    func update() async {
        let wanted = hex(sha256(Self.commands.encoded))
        do throws(SurfaceError) {
            guard try await context.state.value(Self.key) != wanted else { return }
            do throws(MaxAPIError) {
                _ = try await api.call("PATCH", "/me/commands", body: ["commands": Self.commands])
            } catch {
                throw SurfaceError(error)
            }
            try await context.state.apply([StateChange(key: Self.key, value: wanted)])
        } catch {
            context.log.debug("The list of commands could not be set", ["reason": "\(error)"])
        }
    }

    /// MAX has one list for everybody, so each line is in both languages.
    static var commands: JSONValue {
        .array(
            ChatCommand.allCases.compactMap { command in
                let words = [command.russianSummary, command.englishSummary].compactMap { $0 }
                guard !words.isEmpty else { return nil }
                let text = String(words.joined(separator: " · ").prefix(longest))
                return ["name": .string(command.rawValue), "description": .string(text)]
            }
        )
    }
}
