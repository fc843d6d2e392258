import Synchronization

/// Lets many wait for the next change of something.
final class Change: Sendable {
    private struct State {
        var last = 0
        var waiting: [Int: AsyncStream<Void>.Continuation] = [:]
        var watching: [Int: AsyncStream<Void>.Continuation] = [:]
    }

    private let state = Mutex(State())

    func signal() {
        let (waiting, watching) = state.withLock { state in
            defer { state.waiting = [:] }
            return (state.waiting.values.map { $0 }, state.watching.values.map { $0 })
        }
        for continuation in waiting { continuation.finish() }
        for continuation in watching { continuation.yield() }
    }

    /// Returns at the next change, at `deadline`, or when cancelled.
    ///
    /// Begins to listen before it leaves the caller’s actor: what changes after the caller has looked is not missed.
    func wait(
        until deadline: ContinuousClock.Instant,
        isolation: isolated (any Actor)? = #isolation
    ) async {
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

    /// One element at once and one after each change; changes that come while nobody reads are one.
    func stream() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let key = state.withLock { state in
            state.last += 1
            state.watching[state.last] = continuation
            return state.last
        }
        continuation.onTermination = { [weak self] _ in self?.forget(key) }
        continuation.yield()
        return stream
    }

    private func forget(_ watcher: Int) { state.withLock { $0.watching[watcher] = nil } }
}
