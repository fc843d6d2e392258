/// Why a surface could not do what it was asked, named after what the host does next.
///
/// `reason` is for the operator’s log: no secret, no message text.
package enum SurfaceError: Error, Hashable {
    /// Nothing happened. Worth another attempt, not before `retryAfter`.
    ///
    /// `limited`: the messenger’s rate limit; sends to it stop until then.
    case unavailable(retryAfter: Duration? = nil, limited: Bool = false, reason: String)
    /// The messenger refused this operation. The same attempt will always fail.
    case refused(Refusal, reason: String)
    /// The credentials no longer work. Every attempt will fail until a person acts: `reason` says how.
    case unauthorized(reason: String)
    /// The call was sent and no answer came: it may or may not have happened.
    case unknownOutcome(reason: String)
    /// The task was cancelled.
    case cancelled
}

extension SurfaceError {
    /// What an answer means that is not the messenger’s, but a proxy’s or gateway’s before it.
    ///
    /// Only the size and the pace of the call can be its own reasons: it knows nothing about chat, message or token.
    /// Everything else is as open as after a lost connection.
    ///
    /// - Parameter retryAfter: In seconds.
    package init(proxyStatus status: Int, retryAfter: Int64?, reason: String) {
        self =
            switch status {
            case 413: .refused(.tooLarge, reason: reason)
            case 429:
                .unavailable(retryAfter: .told(seconds: max(1, retryAfter ?? 1)), limited: true, reason: reason)
            default: .unknownOutcome(reason: reason)
            }
    }
}

extension SurfaceError: CustomStringConvertible {
    /// For the operator’s log.
    package var description: String {
        switch self {
        case .unavailable(_, _, let reason), .refused(_, let reason), .unauthorized(let reason),
            .unknownOutcome(let reason):
            reason
        case .cancelled: "cancelled"
        }
    }
}

/// What exactly a messenger refused, where the host acts on the difference.
package enum Refusal: String, Hashable, Sendable {
    /// Too long or too large; splitting it may help.
    case tooLarge
    /// The message to edit or delete is gone, or can no longer be edited.
    case messageGone
    /// The bot may not write in this conversation (any more).
    case conversationGone
    /// The start of an update stream is unknown to the messenger: begin anew, without a checkpoint.
    case checkpointLost
    case other
}
