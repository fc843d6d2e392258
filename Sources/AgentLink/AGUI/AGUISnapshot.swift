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

    /// - Parameter asked: The messages that the agent was sent; the last is the question.
    init(_ messages: [JSONValue], asked: [AgentMessage]) {
        answeredCalls = messages.compactMap { $0["role"]?.string == "tool" ? $0["toolCallId"]?.string : nil }

        let question = asked.last.flatMap { asked in messages.lastIndex { $0["id"]?.string == asked.id } }
        let lastUser = messages.lastIndex { $0["role"]?.string == "user" }
        holdsQuestion = question != nil || lastUser.map { Self.isText(of: messages[$0], asked.last) } ?? false

        let sent = Set(asked.map(\.id))
        let fresh = messages[((question ?? lastUser).map { $0 + 1 } ?? 0)...]
        replies = fresh.compactMap { message in
            guard message["role"]?.string == "assistant", message["subagentRunId"] == nil,
                let id = message["id"]?.string, !sent.contains(id), let content = message["content"]
            else { return nil }
            return Reply(id: id, text: Self.text(of: content))
        }
    }

    /// The replies that were not streamed.
    ///
    /// Compared by text and order, for on some servers the identifiers differ from snapshot to snapshot. White space
    /// does not count, and one reply may be several pieces of the stream.
    func unsaid(beside streamed: [(id: String, text: Substring)]) -> [Reply] {
        let pieces = streamed.map { $0.text.filter { !$0.isWhitespace } }
        let ids = Set(streamed.map(\.id))
        var next = 0
        return replies.filter { reply in
            guard let text = reply.text.string?.filter({ !$0.isWhitespace }), !text.isEmpty else { return false }
            for first in pieces.indices.dropFirst(next) {
                var joined = ""
                for last in first..<pieces.count where text.hasPrefix(joined) {
                    joined += pieces[last]
                    guard joined != text else {
                        next = last + 1
                        return false
                    }
                }
            }
            // What was streamed under its identifier is that message, whatever the server made of it afterwards.
            return !ids.contains(reply.id)
        }
    }

    /// Whether `message` says the same as the question: some servers give it an identifier of their own.
    private static func isText(of message: JSONValue, _ question: AgentMessage?) -> Bool {
        guard let question, let content = message["content"], let text = text(of: content).string else { return false }
        let words = question.text.filter { !$0.isWhitespace }
        return !words.isEmpty && words == text.filter { !$0.isWhitespace }
    }

    /// The text of a message’s content: a string, or the text parts of an array.
    private static func text(of content: JSONValue) -> JSONValue {
        guard let parts = content.array else { return content }
        return .string(
            parts.compactMap { $0["type"]?.string == "text" ? $0["text"]?.string : nil }.joined(separator: "\n")
        )
    }
}
