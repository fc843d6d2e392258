import Synchronization

/// Lets many wait for the next change of something.
final class Change: Sendable {
    private struct State {
        var last = 0
        var waiting: [Int: AsyncStream<Void>.Continuation] = [:]
    }

    private let state = Mutex(State())

    func signal() {
        let waiting = state.withLock { state in
            defer { state.waiting = [:] }
            return state.waiting.values.map { $0 }
        }
        for continuation in waiting { continuation.finish() }
    }

    /// Returns at the next change, at `deadline`, or when cancelled.
    func wait(until deadline: ContinuousClock.Instant) async {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        let key = state.withLock { state in
            state.last += 1
            state.waiting[state.last] = continuation
            return state.last
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in stream {} }
            group.addTask { try? await Task.sleep(until: deadline, clock: .continuous) }
            await group.next()
            group.cancelAll()
        }
        state.withLock { $0.waiting[key] = nil }
    }
}
