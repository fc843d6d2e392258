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
        [(nil, english), ("ru", russian)].map { language, words in
            var parameters = JSONObject()
            parameters["commands"] = .array(
                ChatCommand.allCases.compactMap { command in
                    words[command].map { ["command": .string(command.rawValue), "description": .string($0)] }
                }
            )
            parameters["language_code"] = language.map { .string($0) }
            return parameters
        }
    }

    private static let english: [ChatCommand: String] = [
        .help: "What I can do",
        .new: "Start a new conversation",
        .reset: "Forget this conversation and go on empty",
        .context: "Show the current conversation",
        .contexts: "List your conversations",
        .save: "Name the current conversation: /save NAME",
        .load: "Switch to a conversation: /load NAME",
        .rename: "Rename the current conversation: /rename NAME",
        .delete: "Delete a conversation: /delete NAME",
        .files: "List files that wait for your next message",
        .remove: "Remove a waiting file: /remove N or all",
        .stop: "Stop the answer",
        .retry: "Ask the last question again",
        .why: "What became of the last message",
        .link: "Connect your account on another messenger",
        .unlink: "Disconnect your accounts",
    ]

    private static let russian: [ChatCommand: String] = [
        .help: "Что я умею",
        .new: "Начать новый разговор",
        .reset: "Забыть этот разговор и продолжить с чистого листа",
        .context: "Показать текущий разговор",
        .contexts: "Список ваших разговоров",
        .save: "Назвать текущий разговор: /save ИМЯ",
        .load: "Перейти к разговору: /load ИМЯ",
        .rename: "Переименовать текущий разговор: /rename ИМЯ",
        .delete: "Удалить разговор: /delete ИМЯ",
        .files: "Файлы, которые ждут следующего сообщения",
        .remove: "Убрать файл: /remove N или all",
        .stop: "Остановить ответ",
        .retry: "Задать последний вопрос ещё раз",
        .why: "Что стало с последним сообщением",
        .link: "Связать учётную запись в другом мессенджере",
        .unlink: "Разъединить учётные записи",
    ]
}
