import Basics

/// One request to the agent and what came back, as somebody who looks over the host’s shoulder sees it.
package struct AgentRecord: Hashable, Sendable, Identifiable {
    /// Events of one kind in a row.
    package struct Event: Hashable, Sendable {
        package let type: String
        package var count: Int
        /// What the event says, cut to a line; of several the newest.
        package var detail: String
    }

    package enum Ending: Hashable, Sendable {
        case finished
        /// The run ended with an error of the agent.
        case failed(String)
        /// No run: the status that was answered instead.
        case refused(Int)
        /// The stream ended without an end.
        case truncated
        /// The host closed the connection.
        case abandoned
    }

    package let id: Int
    package let thread: String
    package let run: String
    package let surface: String?
    /// The beginning of what was asked.
    package let question: String
    package let messages: Int
    package let files: Int
    /// In milliseconds since 1970.
    package let began: Int64
    package internal(set) var events: [Event] = []
    /// The beginning of the answer.
    package internal(set) var answer = ""
    /// `nil` while the stream goes on.
    package internal(set) var ending: Ending?
    /// In milliseconds since 1970.
    package internal(set) var ended: Int64?

    private static let detailLength = 160
    private static let answerLength = 600

    init(id: Int, _ question: AgentQuestion) {
        self.id = id
        thread = question.thread
        run = question.run
        surface = question.surface
        self.question = String((question.last?.text ?? "").prefix(Self.detailLength))
        messages = question.messages.count
        files = question.last?.files.count ?? 0
        began = millisecondsSince1970()
    }

    mutating func note(_ event: JSONValue) {
        let type = event["type"]?.string ?? "?"
        let detail = String(Self.detail(of: event, type).prefix(Self.detailLength))
        if events.last?.type == type {
            events[events.count - 1].count += 1
            events[events.count - 1].detail = detail
        } else {
            events.append(Event(type: type, count: 1, detail: detail))
        }
        switch type {
        case "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_CHUNK":
            if answer.utf8.count < Self.answerLength { answer += event["delta"]?.string ?? "" }
        case "RUN_FINISHED": ending = .finished
        case "RUN_ERROR": ending = .failed(detail)
        default: break
        }
    }

    private static func detail(of event: JSONValue, _ type: String) -> String {
        switch type {
        case "RUN_ERROR": event["message"]?.string ?? ""
        case "TOOL_CALL_START": event["toolCallName"]?.string ?? ""
        case "TOOL_CALL_RESULT": event["content"]?.string ?? event["content"]?.text ?? ""
        case "CUSTOM":
            "\(event["name"]?.string ?? "") \(event["value"]?["metadata"]?["filename"]?.string ?? "")".trimmed()
        case "STEP_STARTED", "STEP_FINISHED": event["stepName"]?.string ?? ""
        default: event["delta"]?.string ?? ""
        }
    }
}
