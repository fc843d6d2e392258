import Basics

/// One step of an answer that is played to the host.
enum AgentBeat: Hashable, Sendable {
    case wait(Duration)
    /// An AG-UI event.
    case event(JSONObject)
    /// The agent goes away in the middle: nothing comes any more, not even an end.
    case hangUp
}

/// Builds an answer event by event, in the order that AG-UI 1.0 prescribes.
struct AgentScript {
    /// How a person would read along.
    private static let pace = Duration.milliseconds(45)

    private(set) var beats: [AgentBeat] = []
    private let question: AgentQuestion
    private var number = 0

    init(_ question: AgentQuestion) {
        self.question = question
        event(
            "RUN_STARTED",
            ["threadId": .string(question.thread), "runId": .string(question.run)],
            "protocolVersion",
            "1.0"
        )
    }

    mutating func wait(_ duration: Duration) { beats.append(.wait(duration)) }

    /// A message of the assistant, a few words at a time.
    mutating func say(_ text: String, pace: Duration = pace) {
        let message = begin("TEXT_MESSAGE_START", ["role": "assistant"])
        for delta in Self.deltas(of: text) {
            wait(pace)
            event("TEXT_MESSAGE_CONTENT", ["messageId": message, "delta": .string(delta)])
        }
        event("TEXT_MESSAGE_END", ["messageId": message])
    }

    /// As ``say(_:pace:)``, and the message is never ended.
    mutating func beginToSay(_ text: String) {
        say(text)
        beats.removeLast()
    }

    /// A call of a tool that takes `duration`.
    mutating func call(_ tool: String, _ arguments: JSONValue, takes duration: Duration, result: String) {
        number += 1
        let call = JSONValue.string("\(question.run)-tool-\(number)")
        event("TOOL_CALL_START", ["toolCallId": call, "toolCallName": .string(tool)])
        event("TOOL_CALL_ARGS", ["toolCallId": call, "delta": .string(arguments.text)])
        event("TOOL_CALL_END", ["toolCallId": call])
        wait(duration)
        event(
            "TOOL_CALL_RESULT",
            [
                "messageId": .string("\(question.run)-result-\(number)"), "toolCallId": call,
                "content": .string(result), "role": "tool",
            ]
        )
    }

    /// A file for the person.
    ///
    /// - Parameter kind: `image`, `audio`, `video` or `document`.
    mutating func attach(_ kind: String, name: String, mimeType: String, _ bytes: [UInt8]) {
        let source: JSONValue = [
            "type": "data", "value": .string(base64(bytes)), "mimeType": .string(mimeType),
        ]
        let value: JSONValue = [
            "type": .string(kind), "source": source, "metadata": ["filename": .string(name)],
        ]
        event("CUSTOM", ["name": "attachment", "value": value])
    }

    mutating func finish() {
        event("RUN_FINISHED", ["threadId": .string(question.thread), "runId": .string(question.run)])
    }

    mutating func fail(_ message: String, code: String) {
        event("RUN_ERROR", ["message": .string(message), "code": .string(code)])
    }

    mutating func hangUp() { beats.append(.hangUp) }

    // MARK: Events

    private mutating func begin(_ type: String, _ fields: KeyValuePairs<String, JSONValue>) -> JSONValue {
        number += 1
        let message = JSONValue.string("\(question.run)-message-\(number)")
        event(type, fields, "messageId", message)
        return message
    }

    private mutating func event(
        _ type: String,
        _ fields: KeyValuePairs<String, JSONValue>,
        _ extra: String? = nil,
        _ value: JSONValue = .null
    ) {
        var event = JSONObject([.init(key: "type", value: .string(type))])
        for (key, value) in fields { event[key] = value }
        if let extra { event[extra] = value }
        beats.append(.event(event))
    }

    /// `text` cut into words, each with the space before it; together they are `text`.
    static func deltas(of text: String) -> [String] {
        var deltas: [String] = []
        var word = ""
        for character in text {
            if character.isWhitespace, word.last?.isWhitespace == false {
                deltas.append(word)
                word = ""
            }
            word.append(character)
        }
        return word.isEmpty ? deltas : deltas + [word]
    }
}
