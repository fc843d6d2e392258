import Basics
import FoundationEssentials

/// What a host asks an agent: `RunAgentInput` of AG-UI 1.0, as far as an agent looks at it.
package struct AgentQuestion: Hashable, Sendable {
    /// A file that came with a message.
    package struct File: Hashable, Sendable {
        /// `image`, `audio`, `video` or `document`.
        package let kind: String
        package let name: String
        package let mimeType: String
        /// In bytes; `nil` when the message only tells where the file is.
        package let size: Int?
    }

    package struct Message: Hashable, Sendable {
        package let id: String
        package let isFromPerson: Bool
        package let text: String
        package let files: [File]
    }

    package let thread: String
    package let run: String
    package let messages: [Message]
    /// The messenger that the question came from, as the host calls it.
    package let surface: String?

    /// Why a body is no question.
    package struct Fault: Error, Hashable {
        package let reason: String
    }

    package init(_ body: [UInt8]) throws(Fault) {
        let json: JSONValue
        do { json = try JSONValue(parsing: body) } catch { throw Fault(reason: "not JSON: \(error)") }
        guard let thread = json["threadId"]?.string else { throw Fault(reason: "threadId: must be a string") }
        guard let run = json["runId"]?.string else { throw Fault(reason: "runId: must be a string") }
        guard let messages = json["messages"]?.array else { throw Fault(reason: "messages: must be an array") }
        self.thread = thread
        self.run = run
        self.messages = messages.compactMap(Message.init)
        surface = json["forwardedProps"]?["surface"]?.string
    }

    /// The message that is to be answered.
    var last: Message? { messages.last { $0.isFromPerson } }
}

extension AgentQuestion.Message {
    fileprivate init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, let role = json["role"]?.string, ["user", "assistant"].contains(role)
        else { return nil }
        let parts = json["content"]?.array ?? []
        let texts = parts.compactMap { $0["type"]?.string == "text" ? $0["text"]?.string : nil }
        self.init(
            id: id,
            isFromPerson: role == "user",
            text: json["content"]?.string ?? texts.joined(separator: "\n"),
            files: parts.compactMap(AgentQuestion.File.init)
        )
    }
}

extension AgentQuestion.File {
    fileprivate init?(_ part: JSONValue) {
        guard let kind = part["type"]?.string, kind != "text", let source = part["source"] else { return nil }
        var size: Int?
        if source["type"]?.string == "data", let text = source["value"]?.string {
            size = text.utf8.count / 4 * 3 - text.utf8.suffix(2).count { $0 == UInt8(ascii: "=") }
        }
        self.init(
            kind: kind,
            name: part["metadata"]?["filename"]?.string ?? kind,
            mimeType: source["mimeType"]?.string ?? "application/octet-stream",
            size: size
        )
    }
}
