import Basics
import HTTP
import SurfaceKit

/// Why a call to a homeserver gave no result.
enum MatrixFault: Error {
    /// The homeserver, or something before it, answered with an error.
    case refused(MatrixRefusal)
    /// There was no whole answer.
    case unanswered(HTTPError)
    /// The answer made no sense.
    case malformed(reason: String)
    /// The surface itself cannot go on, for example because there is no session.
    case stopped(SurfaceError)
}

/// An error response of the client-server API ("Standard error response").
struct MatrixRefusal: Hashable {
    let status: Int
    /// `errcode`; `nil` when the body is not a Matrix error, as from a proxy.
    let code: String?
    /// `error`, for people.
    let text: String
    let retryAfter: Duration?
    /// Whether the token has only expired, so that the device still exists.
    let isSoftLogout: Bool

    init(_ reply: HTTPReply) {
        status = reply.status
        let json = try? JSONValue(parsing: reply.body)
        code = json?["errcode"]?.string
        text = String((json?["error"]?.string ?? "").prefix(200))
        isSoftLogout = json?["soft_logout"]?.bool ?? false
        // The body counts in milliseconds, the header in whole seconds.
        if let milliseconds = json?["retry_after_ms"]?.int64, milliseconds >= 0 {
            retryAfter = .told(milliseconds: milliseconds)
        } else if let seconds = reply.headers["Retry-After"].flatMap({ Int64($0) }), seconds >= 0 {
            retryAfter = .told(seconds: seconds)
        } else {
            retryAfter = nil
        }
    }

    var isRateLimit: Bool { status == 429 || code == "M_LIMIT_EXCEEDED" }
    var isUnknownToken: Bool { status == 401 && (code == "M_UNKNOWN_TOKEN" || code == "M_MISSING_TOKEN") }

    var reason: String {
        let kind = code.map { "HTTP \(status) \($0)" } ?? "HTTP \(status)"
        let words = text.hasSuffix(".") ? text.dropLast() : text[...]
        return words.isEmpty ? kind : "\(kind): \(words)"
    }
}

extension MatrixFault: CustomStringConvertible {
    /// For the operator’s log.
    var description: String {
        switch self {
        case .refused(let refusal): refusal.reason
        case .unanswered(let error): error.description
        case .malformed(let reason): reason
        case .stopped(let error): error.description
        }
    }
}
