import State
import SurfaceKit

/// What a failure means, decided here for the state as for surfaces.
///
/// Whoever meets one asks for its meaning, never for its cause: a new error is classed here, once.
package enum Fault: Error, Hashable, Sendable {
    /// Nothing is wrong with what was tried: the same may succeed later. `after` is when, if somebody said so.
    case temporary(after: Duration?, reason: String)
    /// It may have happened: only what is harmless to repeat is repeated.
    case uncertain(reason: String)
    /// This message, and only it, is refused for good.
    case message(Refusal, reason: String)
    /// One row of the state cannot be read: what hangs on it ends, the rest goes on.
    case row(DamagedRow, reason: String)
    /// The whole surface can do nothing until a person acts.
    case surface(reason: String)
    /// What was tried fails each time, for a reason of its own: a defect of this program.
    case defect(reason: String)
    /// Nobody waits for it any more.
    case cancelled

    package init(_ error: any Error) {
        switch error {
        case let fault as Fault: self = fault
        case let error as StateError: self.init(error)
        case let error as SurfaceError: self.init(error)
        case is CancellationError: self = .cancelled
        default: self = .defect(reason: "\(error)")
        }
    }

    package init(_ error: StateError) {
        switch error {
        // A damaged database may be repaired, or replaced, while the host waits.
        case .unwritable(let reason), .unusable(let reason): self = .temporary(after: nil, reason: reason)
        case .damaged(let row, let reason): self = .row(row, reason: reason)
        case .failed(let reason): self = .defect(reason: reason)
        }
    }

    package init(_ error: SurfaceError) {
        switch error {
        case .unavailable(let retryAfter, _, let reason): self = .temporary(after: retryAfter, reason: reason)
        case .refused(let refusal, let reason): self = .message(refusal, reason: reason)
        case .unauthorized(let reason): self = .surface(reason: reason)
        case .unknownOutcome(let reason): self = .uncertain(reason: reason)
        case .cancelled: self = .cancelled
        }
    }

    /// For the operator’s log.
    package var reason: String {
        switch self {
        case .temporary(_, let reason), .uncertain(let reason), .message(_, let reason), .surface(let reason),
            .defect(let reason):
            reason
        case .row(let row, let reason): "\(row) cannot be read: \(reason)"
        case .cancelled: "cancelled"
        }
    }
}

extension Fault: CustomStringConvertible {
    package var description: String { reason }
}
