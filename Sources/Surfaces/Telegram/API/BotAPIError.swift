import HTTP
import SurfaceKit

/// Why a call gave no result.
enum BotAPIError: Error, Hashable {
    /// The server answered that it did not do it.
    case failed(BotAPIFailure)
    /// The answer is not the Bot API’s, but that of a proxy before it; `retryAfter` in seconds.
    case proxied(status: Int, retryAfter: Int64?)
    /// Nothing of the call reached the server.
    case notSent(reason: String)
    /// The call was sent and no whole answer came.
    case lost(reason: String)
    /// The call cannot be made as it is.
    case impossible(reason: String)
    case cancelled

    init(_ error: HTTPError) {
        self =
            switch error {
            case .notSent: .notSent(reason: error.description)
            case .interrupted(let reason), .timedOut(let reason): .lost(reason: reason)
            case .tooLarge: .lost(reason: error.description)
            case .invalidRequest(let reason): .impossible(reason: reason)
            case .cancelled: .cancelled
            }
    }

    var failure: BotAPIFailure? { if case .failed(let failure) = self { failure } else { nil } }
}

/// An answer with `ok` false.
struct BotAPIFailure: Hashable, Sendable {
    let code: Int
    /// As the server says it; its wording changes between versions.
    let description: String
    /// In seconds.
    let retryAfter: Int64?
    /// The supergroup that a group has become.
    let migratedTo: Int64?

    var remedy: Remedy { Remedy(for: self) }
}

extension SurfaceError {
    init(_ error: BotAPIError) {
        self =
            switch error {
            case .failed(let failure): SurfaceError(failure)
            case .proxied(let status, let retryAfter):
                SurfaceError(proxyStatus: status, retryAfter: retryAfter, reason: error.description)
            case .notSent(let reason): .unavailable(reason: reason)
            case .lost(let reason): .unknownOutcome(reason: reason)
            case .impossible(let reason): .refused(.other, reason: reason)
            case .cancelled: .cancelled
            }
    }

    private init(_ failure: BotAPIFailure) {
        let reason = "\(failure.code) \(failure.description)"
        switch failure.remedy {
        case .wait:
            let delay = Duration.told(seconds: max(1, failure.retryAfter ?? 1))
            self = .unavailable(retryAfter: delay, limited: true, reason: reason)
        case .again: self = .unavailable(reason: reason)
        case .uncertain: self = .unknownOutcome(reason: reason)
        case .fixCredentials: self = .unauthorized(reason: "\(reason); \(failure.wayOut)")
        case .leaveChat: self = .refused(.conversationGone, reason: reason)
        case .sendNew: self = .refused(.messageGone, reason: reason)
        case .shorten: self = .refused(.tooLarge, reason: reason)
        default: self = .refused(.other, reason: reason)
        }
    }
}

extension BotAPIFailure {
    /// What a person must do about credentials that are refused.
    fileprivate var wayOut: String {
        description.hasPrefix("Logged out")
            ? "the bot is logged out of this server: set apiBaseURL to the one that it uses, or wait 10 minutes"
            : "the server does not take the token: get a new one from @BotFather and set it, or check apiBaseURL"
    }
}

extension BotAPIError: CustomStringConvertible {
    /// For the operator’s log.
    var description: String {
        switch self {
        case .failed(let failure): "\(failure.code) \(failure.description)"
        case .proxied(let status, _):
            "HTTP status \(status) without an answer of the Bot API; check apiBaseURL and the proxy before it"
        case .notSent(let reason), .lost(let reason), .impossible(let reason): reason
        case .cancelled: "cancelled"
        }
    }
}
