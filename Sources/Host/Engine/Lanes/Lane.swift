import Basics
import Synchronization

/// What a ``Lane`` does.
protocol LaneWork: Sendable {
    /// Does one piece, on `lane`.
    func step(on lane: Lane) async throws -> Lane.Outcome

    /// Deals with a piece that failed; what remains is tried again after a pause.
    func recover(from fault: Fault) async
}

/// Work of one kind in one conversation: one piece after the other, in a task that lives while there is something to do.
///
/// A lane outlives every error: a piece that fails is looked at again after a pause, and a wake-up is never lost.
final class Lane: Sendable {
    /// What follows a piece.
    enum Outcome: Hashable, Sendable {
        /// Look at once whether there is more.
        case again
        /// Nothing can be done before a wake-up, or before this time has passed.
        case wait(Duration)
        /// Nothing is to be done before a wake-up.
        case idle
        /// As ``idle``, and somebody holds the lane to wake it.
        case parked
    }

    private enum State {
        case idle, parked, running
    }

    private let work: any LaneWork
    private let system: any System
    private let scope: TaskScope
    private let census: LaneCensus
    private let wakeup = Wakeup()
    private let state = Mutex(State.idle)

    init(work: any LaneWork, system: any System, scope: TaskScope, census: LaneCensus) {
        self.work = work
        self.system = system
        self.scope = scope
        self.census = census
    }

    /// Whether it does nothing, and nobody holds it to wake it.
    var isIdle: Bool { state.withLock { $0 == .idle } }

    /// Makes it look whether there is something to do.
    func wake() {
        let starts: Bool = state.withLock { state in
            wakeup.signal()
            defer { state = .running }
            return state != .running
        }
        guard starts else { return }
        census.began()
        scope.add { await self.run() }
    }

    private func run() async {
        var failures = 0
        while !Task.isCancelled {
            wakeup.clear()
            switch await step(&failures) {
            case .again: continue
            case .wait(let duration): await wakeup.wait(atMost: duration, on: system)
            case .idle: if end(as: .idle) { return }
            case .parked: if end(as: .parked) { return }
            }
        }
        _ = end(as: .idle, evenIfWoken: true)
    }

    private func step(_ failures: inout Int) async -> Outcome {
        do {
            let outcome = try await work.step(on: self)
            failures = 0
            return outcome
        } catch {
            failures += 1
            await work.recover(from: Fault(error))
            return .wait(Backoff.delay(attempt: failures))
        }
    }

    private func end(as end: State, evenIfWoken: Bool = false) -> Bool {
        let ends: Bool = state.withLock { state in
            guard evenIfWoken || !wakeup.isPending else { return false }
            state = end
            return true
        }
        if ends { census.ended() }
        return ends
    }
}

/// Counts the lanes of one kind that have something to do.
final class LaneCensus: Sendable {
    private struct State {
        var busy = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func began() { state.withLock { $0.busy += 1 } }

    func ended() {
        let waiters: [CheckedContinuation<Void, Never>] = state.withLock { state in
            state.busy -= 1
            guard state.busy == 0 else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns when no lane has anything to do.
    func untilIdle() async {
        await withCheckedContinuation { continuation in
            let isIdle: Bool = state.withLock { state in
                if state.busy > 0 { state.waiters.append(continuation) }
                return state.busy == 0
            }
            if isIdle { continuation.resume() }
        }
    }
}
