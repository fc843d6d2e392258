/// What each command does in a few words, for the menus that messengers show; `start` has none.
extension ChatCommand {
    package var englishSummary: String? { Self.english[self] }
    package var russianSummary: String? { Self.russian[self] }

    private static let english: [Self: String] = [
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

    private static let russian: [Self: String] = [
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
