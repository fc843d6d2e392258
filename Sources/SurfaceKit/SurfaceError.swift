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
