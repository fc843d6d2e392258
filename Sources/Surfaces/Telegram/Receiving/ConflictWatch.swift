import SurfaceKit
import Synchronization

/// Judges the conflicts that Telegram reports when two programs receive the updates of one bot.
final class ConflictWatch: Sendable {
    typealias Instant = ContinuousClock.Instant

    private struct State {
        var started: Instant?
        var forgiven = false
        var conflicts: [Instant] = []
    }

    /// The poll of a host that died lingers on the server for about half a minute.
    static let lingering = Duration.seconds(60)
    static let window = Duration.seconds(300)
    static let mostConflicts = 3

    private let state = Mutex(State())

    func starting(at now: Instant) { state.withLock { $0.started = $0.started ?? now } }

    /// Whether another program is known to receive too: then a poll that succeeds at once proves nothing.
    func isContested(at now: Instant) -> Bool {
        state.withLock { state in
            Self.prune(&state, now)
            return state.conflicts.count >= Self.mostConflicts
        }
    }

    /// What a conflict means for the surface.
    func error(for description: String, at now: Instant) -> SurfaceError {
        state.withLock { state in
            if let started = state.started, started + Self.lingering > now, !state.forgiven {
                state.forgiven = true
                return .unavailable(retryAfter: .seconds(3), reason: "an earlier poll still ends: \(description)")
            }
            Self.prune(&state, now)
            state.conflicts.append(now)
            let count = state.conflicts.count
            guard count >= Self.mostConflicts else {
                return .unavailable(retryAfter: .seconds(count * 10), reason: description)
            }
            return .refused(.other, reason: "another program polls this token; end it, or give it a bot of its own")
        }
    }

    private static func prune(_ state: inout State, _ now: Instant) {
        state.conflicts.removeAll { $0 + window <= now }
    }
}
