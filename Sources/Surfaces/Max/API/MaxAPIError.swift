import SurfaceKit

/// Why a call gave no result.
enum MaxAPIError: Error, Hashable {
    /// The server answered that it did not do it.
    case failed(MaxFailure)
    /// The answer is not the Bot API’s, but that of a proxy before it; `retryAfter` in seconds.
    case proxied(status: Int, retryAfter: Int64?)
    /// Nothing of the call reached the server.
    case notSent(reason: String)
    /// The server’s certificate was not accepted, so nothing was sent.
    case untrusted(advice: String)
    /// The call was sent and no whole answer came.
    case lost(reason: String)
    /// The call cannot be made as it is.
    case impossible(reason: String)
    case cancelled

    var failure: MaxFailure? { if case .failed(let failure) = self { failure } else { nil } }

    /// Whether a subscription may keep updates from being polled.
    ///
    /// Only the status of that answer is documented, so a body that says nothing counts, too.
    var isWebhookConflict: Bool {
        switch self {
        case .failed(let failure): failure.remedy == .removeWebhook
        case .proxied(let status, _): status == 405
        default: false
        }
    }
}

/// An answer that says no.
struct MaxFailure: Hashable, Sendable {
    let status: Int
    /// For example `proto.payload`; empty when the answer has none.
    let code: String
    /// As the server says it.
    let message: String
    /// In seconds; the service was never seen to tell it.
    let retryAfter: Int64?

    init(status: Int, code: String, message: String, retryAfter: Int64? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }

    var remedy: Remedy { Remedy(for: self) }

    var reason: String { [String(status), code, message].filter { !$0.isEmpty }.joined(separator: " ") }
}

extension SurfaceError {
    /// Wait after a rate limit whose end is not told: it counts the calls of one second.
    private static let limitLasts: Int64 = 2

    init(_ error: MaxAPIError) {
        self =
            switch error {
            case .failed(let failure): SurfaceError(failure)
            case .proxied(let status, let retryAfter):
                SurfaceError(proxyStatus: status, retryAfter: retryAfter, reason: error.description)
            case .notSent(let reason), .untrusted(let reason): .unavailable(reason: reason)
            case .lost(let reason): .unknownOutcome(reason: reason)
            case .impossible(let reason): .refused(.other, reason: reason)
            case .cancelled: .cancelled
            }
    }

    init(_ failure: MaxFailure) {
        let reason = failure.reason
        switch failure.remedy {
        case .wait:
            let delay = Duration.told(seconds: max(1, failure.retryAfter ?? Self.limitLasts))
            self = .unavailable(retryAfter: delay, limited: true, reason: reason)
        case .again:
            self = .unavailable(retryAfter: failure.retryAfter.map { .told(seconds: max(1, $0)) }, reason: reason)
        case .awaitFile: self = .unavailable(retryAfter: .seconds(1), reason: reason)
        case .uncertain: self = .unknownOutcome(reason: reason)
        case .fixCredentials:
            let remedy = "take the new one from the bot’s settings at business.max.ru and set it"
            self = .unauthorized(reason: "\(reason); the token is refused: \(remedy)")
        case .leaveChat: self = .refused(.conversationGone, reason: reason)
        case .sendNew: self = .refused(.messageGone, reason: reason)
        case .shorten: self = .refused(.tooLarge, reason: reason)
        case .simplify, .sendAsFile, .uploadAgain, .removeWebhook, .none: self = .refused(.other, reason: reason)
        }
    }
}

extension MaxAPIError: CustomStringConvertible {
    /// For the operator’s log.
    var description: String {
        switch self {
        case .failed(let failure): failure.reason
        case .proxied(let status, _):
            "HTTP status \(status) without an answer of the Bot API; check apiBaseURL and the proxy before it"
        case .notSent(let reason), .untrusted(let reason), .lost(let reason), .impossible(let reason): reason
        case .cancelled: "cancelled"
        }
    }
}
