import Basics
import SurfaceKit
import Synchronization

/// Delivers what is owed and shows what grows: one lane for each conversation, so that order is kept within it and
/// no conversation waits for another.
final class Outbox: Sendable {
    private struct Lane {
        let wakeup = Wakeup()
        var preview: Preview?
        /// Whether the store may hold something that the lane has not seen.
        var mayOwe = true

        var isIdle: Bool { preview == nil && !mayOwe }

        mutating func takeMayOwe() -> Bool {
            defer { mayOwe = false }
            return mayOwe
        }
    }

    private struct State {
        var lanes: [Int64: Lane] = [:]
        var idle: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let store: Store
    private let log: Log
    private let runtime: @Sendable (SurfaceID) -> SurfaceRuntime?
    private let scope: TaskScope

    /// - Parameters:
    ///   - scope: Where the lanes run.
    ///   - runtime: The surface of that name, while it runs.
    init(store: Store, log: Log, scope: TaskScope, runtime: @escaping @Sendable (SurfaceID) -> SurfaceRuntime?) {
        self.store = store
        self.log = log
        self.scope = scope
        self.runtime = runtime
    }

    /// Looks whether something is owed in a conversation.
    func wake(_ conversation: Int64) { update(conversation) { $0.mayOwe = true } }

    /// Looks whether a growing reply has grown: spares the store.
    func refresh(_ conversation: Int64) { state.withLock { $0.lanes[conversation]?.wakeup }?.signal() }

    /// Shows a growing reply until ``endPreview(in:)``.
    func begin(_ preview: Preview, in conversation: Int64) { update(conversation) { $0.preview = preview } }

    func endPreview(in conversation: Int64) { update(conversation) { $0.preview = nil } }

    private func update(_ conversation: Int64, _ change: (inout Lane) -> Void) {
        let started: Bool = state.withLock { state in
            let isNew = state.lanes[conversation] == nil
            var lane = state.lanes[conversation] ?? Lane()
            change(&lane)
            state.lanes[conversation] = lane
            lane.wakeup.signal()
            return isNew
        }
        if started { scope.add { await self.run(conversation) } }
    }

    /// Wakes every conversation that is owed something.
    func wakeAll() async throws {
        for conversation in try await store.read({ try $0.conversationsWithDuePosts() }) { wake(conversation) }
    }

    /// Serves a conversation until it has nothing to do, or its surface cannot do it.
    private func run(_ id: Int64) async {
        guard let wakeup = state.withLock({ $0.lanes[id]?.wakeup }) else { return }
        do {
            let conversation = try await store.read { try $0.conversation(id) }
            repeat {
                guard let runtime = runtime(conversation.surface) else { continue }
                if await serve(conversation, by: runtime, wakeup) == .drained { return }
            } while !suspend(id, on: conversation.surface)
        } catch {
            log.error("A lane of the outbox failed", ["reason": "\(error)"])
            close(id)
        }
    }

    private func serve(
        _ conversation: ConversationRecord,
        by runtime: SurfaceRuntime,
        _ wakeup: Wakeup
    ) async -> OutboxLane.Pass {
        let id = conversation.id
        let lane = OutboxLane(
            conversation: conversation,
            runtime: runtime,
            store: store,
            wakeup: wakeup,
            isCurrent: { self.runtime(conversation.surface)?.health === runtime.health },
            mayOwe: { self.state.withLock { $0.lanes[id]?.takeMayOwe() ?? false } },
            preview: { self.state.withLock { $0.lanes[id]?.preview } },
            log: runtime.log.with(["conversation": id, "context": conversation.context ?? 0])
        )
        while !Task.isCancelled {
            wakeup.clear()
            if await lane.work() == .suspended { return .suspended }
            if isIdle(id, wakeup) { return .drained }
        }
        return .suspended
    }

    /// Ends a lane whose surface cannot go on, unless it was woken since by one that can: nobody would wake it again.
    private func suspend(_ id: Int64, on surface: SurfaceID) -> Bool {
        let ended = state.withLock { state in
            let isWanted = state.lanes[id]?.mayOwe == true && !Task.isCancelled && runtime(surface) != nil
            return isWanted ? false : Self.remove(id, &state)
        }
        if ended { resumeIdle() }
        return ended
    }

    /// Ends a lane unless something was signalled since it looked last.
    private func isIdle(_ id: Int64, _ wakeup: Wakeup) -> Bool {
        let idle = state.withLock { $0.lanes[id]?.isIdle == true && !wakeup.isPending && Self.remove(id, &$0) }
        if idle { resumeIdle() }
        return idle
    }

    private func close(_ id: Int64) {
        state.withLock { _ = Self.remove(id, &$0) }
        resumeIdle()
    }

    private static func remove(_ id: Int64, _ state: inout State) -> Bool {
        state.lanes[id] = nil
        return true
    }

    /// Returns when no lane has anything to do.
    func untilIdle() async {
        await withCheckedContinuation { continuation in
            let idle: Bool = state.withLock { state in
                if !state.lanes.isEmpty { state.idle.append(continuation) }
                return state.lanes.isEmpty
            }
            if idle { continuation.resume() }
        }
    }

    private func resumeIdle() {
        let waiting: [CheckedContinuation<Void, Never>] = state.withLock { state in
            guard state.lanes.isEmpty else { return [] }
            defer { state.idle = [] }
            return state.idle
        }
        for continuation in waiting { continuation.resume() }
    }
}

/// A reply that is being written.
struct Preview: Sendable {
    let turn: Int64
    let replyTo: MessageID?
    /// When the first text came; `nil` while there is none.
    let firstText: @Sendable () -> ContinuousClock.Instant?
    /// What should be shown now.
    let pages: @Sendable () -> [MessageText]
}
