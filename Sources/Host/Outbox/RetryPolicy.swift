import SurfaceKit

/// Waits between attempts at something that fails for a while.
enum Backoff {
    /// 1, 2, 4 … 60 s.
    static func delay(attempt: Int) -> Duration { .seconds(min(60, 1 << min(max(attempt - 1, 0), 6))) }
}

/// Decides what follows a failed attempt at an operation that is owed.
enum RetryPolicy {
    enum Decision: Hashable, Sendable {
        case retry(after: Duration)
        /// Nothing can be done until the surface’s credentials work again.
        case suspend
        /// The message to edit is gone: say it in a new one.
        case renew
        case giveUp
    }

    /// How long an operation is tried.
    static let patience = Duration.seconds(24 * 3600)
    /// A server error that is always the same is the message’s fault.
    static let mostAttempts = 200

    static func decide(after error: SurfaceError, attempt: Int, owedFor: Duration) -> Decision {
        switch error {
        case .unauthorized: return .suspend
        case .refused(.messageGone, _): return .renew
        case .refused: return .giveUp
        case .cancelled: return .suspend
        case .unavailable, .unknownOutcome:
            guard owedFor < patience, attempt < mostAttempts else { return .giveUp }
            // Told to wait for no time, it waits as if it had been told nothing.
            if case .unavailable(let retryAfter?, _, _) = error, retryAfter > .zero { return .retry(after: retryAfter) }
            return .retry(after: Backoff.delay(attempt: attempt))
        }
    }
}
