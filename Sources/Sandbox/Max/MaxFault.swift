import Basics
import HTTP

/// An error as the service answers it.
struct MaxFault: Error {
    let status: Int
    let code: String
    let message: String

    init(_ status: Int, _ code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    /// What is wrong with a request.
    static func payload(_ message: String) -> MaxFault { MaxFault(400, "proto.payload", message) }

    static func token(_ message: String) -> MaxFault { MaxFault(401, "verify.token", message) }

    static func noChat(_ chat: Int64) -> MaxFault { MaxFault(404, "chat.not.found", "Chat \(chat) not found") }

    /// The person has stopped the bot.
    static func suspended(_ chat: Int64) -> MaxFault {
        MaxFault(403, "chat.denied", "Key: error.dialog.suspended, args: [\(chat),].")
    }

    static func tooMany(_ perSecond: Double) -> MaxFault {
        MaxFault(
            429,
            "too.many.requests",
            "Too many requests. Limit is: \(Int(perSecond.rounded())) calls per second."
        )
    }

    /// The body of a call that did not succeed though its status is 200.
    static func unsuccessful(_ message: String) -> JSONValue { ["success": false, "message": .string(message)] }

    var response: HTTPServerResponse {
        .json(["code": .string(code), "message": .string(message)], status: status)
    }
}
