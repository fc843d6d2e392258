import SurfaceKit

/// What becomes of an errand whose attempt failed.
enum ErrandVerdict: Hashable {
    case again(after: Duration)
    /// It cannot be done.
    case giveUp
    /// Not now: the surface stops, or its session has ended.
    case interrupted

    /// Refusals after which an invitation is believed to be gone: a homeserver may learn of the invitation of another
    /// server before the room lets it in.
    private static let patience = 7

    /// - Parameter attempt: From 1.
    init(after fault: MatrixFault, of purpose: RoomErrand.Purpose, attempt: Int) {
        let backoff = Duration.seconds(min(300, 2 << min(attempt, 8)))
        switch SurfaceError(fault, while: .asking) {
        case .cancelled, .unauthorized: self = .interrupted
        case .unavailable(let retryAfter, _, _): self = .again(after: retryAfter ?? backoff)
        case .unknownOutcome: self = .again(after: backoff)
        case .refused:
            if case .answerInvitation = purpose, attempt < Self.patience, !fault.isFinal {
                self = .again(after: backoff)
            } else {
                self = .giveUp
            }
        }
    }
}

extension MatrixFault {
    /// Whether waiting cannot help: the bot was banned.
    fileprivate var isFinal: Bool {
        if case .refused(let refusal) = self { refusal.code == "M_BAD_STATE" } else { false }
    }
}
