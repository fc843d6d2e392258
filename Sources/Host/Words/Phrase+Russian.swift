import Basics
import SurfaceKit

extension Phrase {
    package func russian(_ p: String) -> String {
        switch self {
        case .greeting:
            """
            Здравствуйте! Напишите мне, и я отвечу. Можно присылать и файлы: они уйдут вместе со следующим сообщением.

            \(Self.russianCommands(p))
            """
        case .help: Self.russianCommands(p)
        case .newContext(let number): "Начат новый разговор (номер \(number)). Подробнее: \(p)context."
        case .contextDescription(let facts): Self.russianContext(facts)
        case .contextList(let lines, let more): Self.russianList(lines, more)
        case .contextNamed(let name): "Этот разговор теперь называется «\(name.shortened)»."
        case .contextLoaded(let name): "Вы теперь в разговоре \(Self.russian(name))."
        case .contextIsCurrent(let name): "Вы уже в разговоре \(Self.russian(name))."
        case .contextDeleted(let name): "Разговор \(Self.russian(name)) удалён."
        case .contextReset(let number): "Забыто. Разговор продолжается с чистого листа (номер \(number))."
        case .noSuchContext(let name): "Разговора «\(name.shortened)» нет. Ваши разговоры: \(p)contexts."
        case .nameTaken(let name): "Другой разговор уже называется «\(name.shortened)». Выберите другое имя."
        case .nameUnfit: "Имя — от 1 до 64 знаков и не из одних цифр."
        case .argumentMissing(let command): "Уточните: \(p)\(command.rawValue) \(Self.russianArgument(command))"
        case .nothingToStop: "Сейчас ни на что не отвечаю."
        case .restDropped(let messages):
            "Остановлено; не отправлено сообщений ответа: \(messages)."
        case .stoppedSilently: "Остановлено; ничего ещё не было сказано."
        case .nothingToRetry: "Пока нет вопроса, который можно повторить. Просто напишите его."
        case .stillAnswering: "На последний вопрос ещё отвечаю. Остановить: \(p)stop."
        case .whyNothing: "Здесь вы ещё ни о чём не спрашивали."
        case .why(let story): story.russian(p)
        case .filesStaged(let count):
            """
            📎 \(count) \(Self.plural(count, "файл ждёт", "файла ждут", "файлов ждут")) вашего следующего сообщения.
            """
        case .fileList(let names):
            names.isEmpty
                ? "Ни один файл не ждёт следующего сообщения."
                : Self.numbered(names.map(\.shortened)) { "и ещё файлов: \($0)" }
        case .filesRemoved(let count): "Убрано файлов: \(count)."
        case .noSuchFile: "Такого файла нет. Что ждёт отправки: \(p)files."
        case .people(let phrase): phrase.russian(p)
        case .notice(let notice): "⚠️ \(notice.russian(p))"
        }
    }

    private static func russianCommands(_ p: String) -> String {
        """
        \(p)new — начать новый разговор
        \(p)reset — забыть этот разговор и продолжить с чистого листа
        \(p)context — какой это разговор
        \(p)contexts — ваши разговоры
        \(p)save ИМЯ — назвать этот разговор
        \(p)load ИМЯ — перейти в другой; годится и номер или место в списке
        \(p)rename ИМЯ — переименовать этот
        \(p)delete ИМЯ — удалить
        \(p)files — файлы, которые ждут следующего сообщения
        \(p)remove N — убрать один, \(p)remove all — все
        \(p)stop — остановить ответ
        \(p)retry — повторить последний вопрос
        \(p)why — что стало с последним сообщением
        \(p)link — те же разговоры в другом мессенджере; \(p)unlink — отменить
        \(p)help — этот список
        """
    }

    private static func russianArgument(_ command: ChatCommand) -> String { command == .remove ? "N" : "ИМЯ" }

    private static func russian(_ context: ContextName) -> String {
        context.name.map { "«\($0.shortened)»" } ?? "\(context.number)"
    }

    private static func russianList(_ lines: [ContextLine], _ more: Int) -> String {
        let lines = lines.map { line in
            let name = line.context.name.map { " «\($0.shortened)»" } ?? ""
            let size = "\(line.messages) \(plural(line.messages, "сообщение", "сообщения", "сообщений"))"
            return "\(line.isCurrent ? "→ " : "")\(line.context.number)\(name) — \(size)"
        }
        return numbered(lines, more: more) { "и ещё \($0), по имени или номеру" }
    }

    private static func russianContext(_ facts: ContextFacts) -> String {
        let name = facts.name.map { "«\($0.shortened)», " } ?? ""
        let messages = plural(facts.messages, "сообщение", "сообщения", "сообщений")
        let chats = plural(facts.chats, "чат", "чата", "чатов")
        return """
            Разговор \(name)номер \(facts.number): \(facts.messages) \(messages), \(facts.bytes / 1024) КБ; \
            начат на \(facts.surface); в нём \(facts.chats) \(chats).
            """
    }

    /// The form of a noun after `count` (CLDR plural rules for Russian: one, few, many).
    package static func plural(_ count: Int, _ one: String, _ few: String, _ many: String) -> String {
        switch (count % 10, count % 100) {
        case (1, let rest) where rest != 11: one
        case (2...4, let rest) where !(12...14).contains(rest): few
        default: many
        }
    }
}

extension Notice {
    fileprivate func russian(_ p: String) -> String {
        switch self {
        case .tooManyFiles(let limit):
            """
            Это больше \(limit) \(Phrase.plural(limit, "файла", "файлов", "файлов")) на одно сообщение. \
            Пришлите, пожалуйста, меньше за раз.
            """
        case .fileTooLarge(let name, let limit):
            """
            Файл \(name.shortened) слишком велик: предел — \(Phrase.megabytes(limit).replacing(".", with: ",")) МБ. \
            Пришлите, пожалуйста, файл поменьше.
            """
        case .fileUnavailable(let name):
            "Не удалось получить файл \(name.shortened). Пришлите его, пожалуйста, ещё раз."
        case .encryptedRoom:
            "Я пока не умею читать зашифрованные комнаты. Пригласите меня, пожалуйста, в комнату без шифрования."
        case .agentUnreachable: "Агент сейчас недоступен. Попробуйте позже командой \(p)retry."
        case .agentRefusesCredentials:
            "Агент не принимает ключ этого бота. Сообщите тому, кто его обслуживает, и затем \(p)retry."
        case .agentNotFound:
            "По адресу, который указан этому боту, агента нет. Сообщите тому, кто его обслуживает, и затем \(p)retry."
        case .agentFailed: "Агент с этим не справился. \(p)retry — спросить снова, \(p)new — начать новый разговор."
        case .agentCutOff: "Ответ оборвался и может быть неполным. \(p)retry — спросить снова."
        case .agentTimedOut: "Агент отвечал слишком долго, ожидание прервано. \(p)retry — спросить снова."
        case .agentSilent: "Агент закончил, ничего не сказав. \(p)retry — спросить снова; или скажите иначе."
        case .agentCancelled: "Агент сам прекратил работу. \(p)retry — спросить снова."
        case .agentWithheld:
            "Фильтр содержания остановил этот ответ, он может быть неполным. Спросите иначе или начните заново: \(p)new."
        case .agentWaitsForConfirmation(let question):
            "Агент ждёт подтверждения, которое здесь дать нельзя\(question.map { ":\n\n\($0)\n\n" } ?? ". ")"
                + "До этого он может не отвечать на другие вопросы; \(p)new — начать новый разговор."
        case .answerTooLarge: "Ответ слишком велик и был обрезан. Попросите, пожалуйста, меньше за раз."
        case .attachmentUndeliverable:
            "Агент прислал файл, который нельзя доставить сюда. Попросите прислать его иначе или текстом."
        case .messageRefused:
            "Одно сообщение этого ответа здесь показать не удалось. Попросите его в другом виде или ответ короче."
        case .messagesLost:
            "Я сутки не мог связаться с этим чатом, и часть сообщений не доставлена. Пожалуйста, спросите ещё раз."
        case .stateDamaged: "Не удалось прочитать то, что хранилось для этого чата. Пожалуйста, напишите ещё раз."
        case .filesMissing(let names):
            "Не удалось получить \(Phrase.list(names)). Вопрос задан без этого; если это важно, пришлите ещё раз."
        case .messageSetAside:
            "Не получилось обработать ваше последнее сообщение. Оно сохранено для владельца бота; напишите его иначе."
        case .hostRestarted: "Бот был перезапущен посреди этого ответа. \(p)retry — спросить снова."
        }
    }
}
