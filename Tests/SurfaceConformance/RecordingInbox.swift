import SurfaceKit

/// An inbox that remembers what it is given, or refuses it.
package actor RecordingInbox: Inbox {
    package private(set) var events: [InboundEvent] = []
    package private(set) var checkpoint: Checkpoint?
    /// Successful receive calls.
    package private(set) var receiveCalls = 0
    /// What was given and refused.
    package private(set) var refused: [InboundEvent] = []

    private let state: MemoryState
    private var refuses: Bool
    private var watchers: [AsyncStream<Void>.Continuation] = []

    package init(state: MemoryState, from checkpoint: Checkpoint? = nil, refusing: Bool = false) {
        self.state = state
        self.checkpoint = checkpoint
        refuses = refusing
    }

    package func accept(
        _ events: [InboundEvent],
        checkpoint: Checkpoint?,
        state changes: [StateChange]
    ) async throws(SurfaceError) {
        defer { announce() }
        if refuses, !events.isEmpty {
            refused += events
            throw .unavailable(reason: "the disk is full")
        }
        // As the host does: what was seen before is dropped.
        for event in events where !self.events.contains(where: { $0.id == event.id }) { self.events.append(event) }
        if let checkpoint { self.checkpoint = checkpoint }
        state.apply(changes)
    }

    package func receiving(nextWithin duration: Duration) {
        receiveCalls += 1
        announce()
    }

    /// Receives from `surface` until `condition` holds; fails with the surface's error when that comes first.
    package func receive(
        from surface: some Surface,
        until condition: @escaping @Sendable (RecordingInbox) async -> Bool
    ) async throws {
        let start = checkpoint
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await surface.receive(from: start, into: self)
                return false
            }
            group.addTask {
                await self.wait(until: condition)
                return true
            }
            while let isMet = try await group.next(), !isMet { throw EndedEarly() }
            group.cancelAll()
            // A surface may say that it was cancelled, or just return.
            do { try await group.waitForAll() } catch SurfaceError.cancelled {}
        }
    }

    /// Receives until the first receive call has succeeded: the past is done with.
    package func catchUp(with surface: some Surface) async throws {
        let calls = receiveCalls
        try await receive(from: surface) { await $0.receiveCalls > calls }
    }

    package var messages: [InboundMessage] {
        events.compactMap { if case .message(let message) = $0.content { message } else { nil } }
    }

    package var texts: [String] { messages.map(\.text) }

    private func wait(until condition: @Sendable (RecordingInbox) async -> Bool) async {
        let (changes, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        watchers.append(continuation)
        state.announceChanges(to: continuation)
        if await condition(self) { return }
        for await _ in changes where await condition(self) { return }
    }

    private func announce() { for watcher in watchers { watcher.yield() } }
}

/// A surface stopped receiving though nobody asked it to.
package struct EndedEarly: Error {
    package init() {}
}
