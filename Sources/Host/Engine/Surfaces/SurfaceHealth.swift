import Basics
import SurfaceKit
import Synchronization

/// Whether a surface hears, told by its receive calls alone.
package final class SurfaceHealth: Sendable {
    /// The word in `/status`.
    package enum State: String, Sendable, CaseIterable {
        case disabled, starting, receiving, retrying, needsAttention, stopped
    }

    /// What is known at one moment.
    package struct Snapshot: Sendable {
        package var state: State
        package var reason: String?
        package var since: Timestamp
        package var lastReceivedAt: Timestamp?
    }

    private struct Inner {
        var snapshot: Snapshot
        var deadline: ContinuousClock.Instant?
    }

    /// How long after its due time a receive call still counts as running.
    static let grace = Duration.seconds(15)

    /// Each change of state, for one reader.
    let changes: AsyncStream<Snapshot>
    private let system: any System
    private let inner: Mutex<Inner>
    private let told: AsyncStream<Snapshot>.Continuation

    package init(_ state: State, on system: any System) {
        self.system = system
        inner = Mutex(Inner(snapshot: Snapshot(state: state, since: system.now)))
        (changes, told) = AsyncStream.makeStream(of: Snapshot.self, bufferingPolicy: .bufferingNewest(16))
    }

    deinit { told.finish() }

    package var snapshot: Snapshot { inner.withLock { $0.snapshot } }

    /// A receive call succeeded; the next ends within `duration`.
    package func listening(for duration: Duration) {
        inner.withLock { $0.deadline = system.instant + duration + Self.grace }
        move(to: .receiving, reason: nil)
    }

    package func received() { inner.withLock { $0.snapshot.lastReceivedAt = system.now } }

    package func move(to state: State, reason: String?) {
        inner.withLock { inner in
            if state != .receiving { inner.deadline = nil }
            guard inner.snapshot.state != state || inner.snapshot.reason != reason else { return }
            if inner.snapshot.state != state { inner.snapshot.since = system.now }
            inner.snapshot.state = state
            inner.snapshot.reason = reason
            told.yield(inner.snapshot)
        }
    }

    /// Allows the first receive call of a start `duration` to succeed.
    func expectFirst(within duration: Duration) { inner.withLock { $0.deadline = system.instant + duration } }

    /// Returns when a receive call is overdue, or when cancelled.
    func overdue() async {
        while !Task.isCancelled {
            let deadline = inner.withLock { $0.deadline }
            guard let deadline else { return }
            if deadline <= system.instant { return }
            try? await system.sleep(until: deadline)
        }
    }
}
