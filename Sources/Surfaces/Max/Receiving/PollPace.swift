import SurfaceKit
import Synchronization

/// Keeps polls apart: MAX takes two in a second.
final class PollPace: Sendable {
    /// With room for what the network takes.
    static let least = Duration.milliseconds(600)

    private let next = Mutex(ContinuousClock.now)

    /// Returns when the next poll may begin.
    func wait() async throws(SurfaceError) {
        let turn = next.withLock { next in
            let turn = max(next, .now)
            next = turn + Self.least
            return turn
        }
        do {
            try await Task.sleep(until: turn, clock: .continuous)
        } catch {
            throw .cancelled
        }
    }
}
