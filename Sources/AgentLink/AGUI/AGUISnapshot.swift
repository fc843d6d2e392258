import Basics

/// What a `MESSAGES_SNAPSHOT` tells about the run: which tool calls have a result, and what the answer is when none was
/// streamed.
struct AGUISnapshot: Sendable {
    struct Reply: Sendable {
        let id: String
        let text: JSONValue
    }

    /// Calls that have a tool message.
    let answeredCalls: [String]
    /// The assistant’s messages after the question.
    let replies: [Reply]
    /// The question itself is in the snapshot, so that `replies` cannot belong to an earlier turn.
    let holdsQuestion: Bool

    /// - Parameter known: The messages that the agent was sent; the last is the question.
    init(_ messages: [JSONValue], known: [String]) {
        answeredCalls = messages.compactMap { $0["role"]?.string == "tool" ? $0["toolCallId"]?.string : nil }

        let question = known.last.flatMap { id in messages.lastIndex { $0["id"]?.string == id } }
        let lastUser = messages.lastIndex { $0["role"]?.string == "user" }
        holdsQuestion = question != nil

        let sent = Set(known)
        let fresh = messages[((question ?? lastUser).map { $0 + 1 } ?? 0)...]
        replies = fresh.compactMap { message in
            guard message["role"]?.string == "assistant", message["subagentRunId"] == nil,
                let id = message["id"]?.string, !sent.contains(id), let content = message["content"]
            else { return nil }
            return Reply(id: id, text: Self.text(of: content))
        }
    }

    /// The text of a message’s content: a string, or the text parts of an array.
    private static func text(of content: JSONValue) -> JSONValue {
        guard let parts = content.array else { return content }
        return .string(
            parts.compactMap { $0["type"]?.string == "text" ? $0["text"]?.string : nil }.joined(separator: "\n")
        )
    }
}
