import Basics
import State

extension TurnStory {
    package func english(_ p: String) -> String {
        var sentences = ["Your last message came at \(time) UTC"]
        switch stage {
        case .waiting(0): sentences[0] += " and waits for its turn."
        case .waiting(let attempts):
            sentences[0] += "; the agent could not be reached in \(attempts) \(attempts == 1 ? "attempt" : "attempts")."
        case .running, .ended: sentences[0] += "."
        }
        if let waited { sentences.append("The agent was asked after \(Self.seconds(waited)) s.") }
        if let firstText { sentences.append("Its first words came \(Self.seconds(firstText)) s later.") }
        if case .running = stage { sentences.append("It is with the agent now; \(p)stop ends that.") }
        if case .ended(let ending) = stage {
            if let ran { sentences.append("It took \(Self.seconds(ran)) s.") }
            sentences.append(ending.english(p))
        }
        if messagesWaiting > 0 { sentences.append("Messages still to be delivered: \(messagesWaiting).") }
        if messagesFailed > 0 { sentences.append("Messages that could not be delivered: \(messagesFailed).") }
        return sentences.joined(separator: " ")
    }

    package func russian(_ p: String) -> String {
        var sentences = ["Последнее сообщение пришло в \(time) UTC"]
        switch stage {
        case .waiting(0): sentences[0] += " и ждёт своей очереди."
        case .waiting(let attempts):
            let word = Phrase.plural(attempts, "попытку", "попытки", "попыток")
            sentences[0] += "; за \(attempts) \(word) агент не ответил."
        case .running, .ended: sentences[0] += "."
        }
        if let waited { sentences.append("Агенту оно передано через \(Self.seconds(waited)) с.") }
        if let firstText { sentences.append("Первые слова пришли ещё через \(Self.seconds(firstText)) с.") }
        if case .running = stage { sentences.append("Сейчас им занят агент; остановить: \(p)stop.") }
        if case .ended(let ending) = stage {
            if let ran { sentences.append("Это заняло \(Self.seconds(ran)) с.") }
            sentences.append(ending.russian(p))
        }
        if messagesWaiting > 0 { sentences.append("Сообщений ещё не доставлено: \(messagesWaiting).") }
        if messagesFailed > 0 { sentences.append("Сообщений не удалось доставить: \(messagesFailed).") }
        return sentences.joined(separator: " ")
    }

    private var time: String { String(iso8601(milliseconds: acceptedAt).dropFirst(11).prefix(8)) }

    private static func seconds(_ duration: Duration) -> String {
        let tenths = duration.milliseconds / 100
        return "\(tenths / 10).\(tenths % 10)"
    }
}

extension TurnRecord.Ending {
    fileprivate func english(_ p: String) -> String {
        switch self {
        case .answered: "It was answered."
        case .empty: "The agent finished without saying anything."
        case .waitsForConfirmation: "The agent waits for a confirmation."
        case .agentCancelled: "The agent ended it by itself."
        case .failed: "The agent failed; \(p)retry asks again."
        case .truncated: "The answer was cut off; \(p)retry asks again."
        case .timedOut: "The agent took too long; \(p)retry asks again."
        case .tooLarge: "The answer was too large."
        case .unreachable: "The agent could not be reached; \(p)retry asks again."
        case .refused: "The agent refused the request; the person who runs this bot can see why in its log."
        case .filesUnavailable: "A file of it could not be fetched."
        case .stopped: "You stopped it."
        case .withdrawn: "It was withdrawn."
        case .cut: "The bot was restarted in the middle of it; \(p)retry asks again."
        case .gone: "The chat was left."
        }
    }

    fileprivate func russian(_ p: String) -> String {
        switch self {
        case .answered: "Ответ дан."
        case .empty: "Агент закончил, ничего не сказав."
        case .waitsForConfirmation: "Агент ждёт подтверждения."
        case .agentCancelled: "Агент сам прекратил работу."
        case .failed: "Агент не справился; \(p)retry — спросить снова."
        case .truncated: "Ответ оборвался; \(p)retry — спросить снова."
        case .timedOut: "Агент отвечал слишком долго; \(p)retry — спросить снова."
        case .tooLarge: "Ответ был слишком велик."
        case .unreachable: "Агент был недоступен; \(p)retry — спросить снова."
        case .refused: "Агент отклонил запрос; причину видит в журнале тот, кто обслуживает бота."
        case .filesUnavailable: "Не удалось получить приложенный файл."
        case .stopped: "Вы его остановили."
        case .withdrawn: "Оно было отозвано."
        case .cut: "Бот был перезапущен посреди ответа; \(p)retry — спросить снова."
        case .gone: "Бот вышел из чата."
        }
    }
}
