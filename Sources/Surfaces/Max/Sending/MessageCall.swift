import Basics
import SurfaceKit

/// A call that gives a message its content.
protocol MessageCall: Sendable {
    var method: String { get }
    var query: [(name: String, value: String)] { get }

    /// The bodies to try, the best first, the plainest last.
    func attempts(_ bodies: [JSONObject]) -> [JSONObject]

    /// `nil` when the answer lacks what it must have.
    func receipt(_ answer: JSONValue) -> Receipt?

    func error(_ error: MaxAPIError) -> SurfaceError
}

/// A new message.
struct Post: MessageCall {
    let chat: Int64
    let replyTo: MessageID?

    var method: String { "POST" }

    var query: [(name: String, value: String)] {
        [("chat_id", String(chat)), ("disable_link_preview", "true")]
    }

    /// The plainest does not say what it answers: that message may be gone.
    func attempts(_ bodies: [JSONObject]) -> [JSONObject] {
        guard let replyTo, let best = bodies.first, let plainest = bodies.last else { return bodies }
        var linked = best
        linked["link"] = ["type": "reply", "mid": .string(replyTo.rawValue)]
        return [linked, plainest]
    }

    func receipt(_ answer: JSONValue) -> Receipt? {
        answer["message"]?["body"]?["mid"]?.string.map { Receipt(message: MessageID($0)) }
    }

    func error(_ error: MaxAPIError) -> SurfaceError {
        // There is no message yet that could be gone.
        if let failure = error.failure, failure.remedy == .sendNew { return .refused(.other, reason: failure.reason) }
        return SurfaceError(error)
    }
}

/// A message of the bot in another form.
struct Edit: MessageCall {
    let message: MessageID

    var method: String { "PUT" }
    var query: [(name: String, value: String)] { [("message_id", message.rawValue)] }

    func attempts(_ bodies: [JSONObject]) -> [JSONObject] { bodies }
    func receipt(_ answer: JSONValue) -> Receipt? { Receipt(message: message) }

    func error(_ error: MaxAPIError) -> SurfaceError {
        // Without success for no reason that is known: too old to be edited.
        if let failure = error.failure, failure.status == 200 { return .refused(.messageGone, reason: failure.reason) }
        return SurfaceError(error)
    }
}
