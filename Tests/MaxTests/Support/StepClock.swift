import Basics
import Synchronization

/// A clock on which whoever sleeps for long sleeps until the test lets the time pass, once for each step.
final class StepClock: System {
    private struct State {
        var next = 0
        var sleeping: [Int: CheckedContinuation<Void, Never>] = [:]
        var watchers: [AsyncStream<Void>.Continuation] = []
    }

    private let state = Mutex(State())

    var now: Timestamp { .now }
    var instant: ContinuousClock.Instant { .now }

    func randomBits() -> UInt64 { OperatingSystem().randomBits() }
    func makeWorker() -> (any Worker)? { OperatingSystem().makeWorker() }

    func sleep(until deadline: ContinuousClock.Instant) async throws {
        guard instant.duration(to: deadline) >= .seconds(30) else {
            return try await OperatingSystem().sleep(until: deadline)
        }
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let watchers: [AsyncStream<Void>.Continuation]? = state.withLock { state in
                    if Task.isCancelled { return nil }
                    state.sleeping[number] = continuation
                    return state.watchers
                }
                guard let watchers else { return continuation.resume() }
                for watcher in watchers { watcher.yield() }
            }
        } onCancel: {
            state.withLock { $0.sleeping.removeValue(forKey: number) }?.resume()
        }
        try Task.checkCancellation()
    }

    /// Waits until somebody sleeps, then wakes them.
    func step() async {
        let (changes, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        state.withLock { $0.watchers.append(continuation) }
        continuation.yield()
        for await _ in changes {
            let sleeping = state.withLock { state in
                defer { state.sleeping = [:] }
                return state.sleeping
            }
            guard !sleeping.isEmpty else { continue }
            for sleeper in sleeping.values { sleeper.resume() }
            return
        }
    }
}
