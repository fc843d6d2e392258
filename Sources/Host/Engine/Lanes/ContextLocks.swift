import State
import Synchronization

/// Lets one turn at a time run in a context, also when several chats are on it.
final class ContextLocks: Sendable {
    private struct State {
        var held: Set<ContextID> = []
        /// Lanes that found their context taken, or an older question ahead of theirs.
        var waiting: [ContextID: [Lane]] = [:]
    }

    private let state = Mutex(State())

    /// Takes the context; false when it is taken.
    func take(_ context: ContextID) -> Bool { state.withLock { $0.held.insert(context).inserted } }

    /// Wakes `lane` when the context is free, or a question was ended in it; false when it waits for that already.
    func enqueue(for context: ContextID, _ lane: Lane) -> Bool {
        state.withLock { state in
            guard state.waiting[context]?.contains(where: { $0 === lane }) != true else { return false }
            state.waiting[context, default: []].append(lane)
            return true
        }
    }

    /// Wakes `lane` no more: it has nothing to ask.
    func leave(_ lane: Lane) {
        state.withLock { state in
            guard !state.waiting.isEmpty else { return }
            state.waiting = state.waiting.mapValues { $0.filter { $0 !== lane } }.filter { !$0.value.isEmpty }
        }
    }

    func release(_ context: ContextID) {
        state.withLock { _ = $0.held.remove(context) }
        wake(context)
    }

    /// A question of the context has ended without running: what waited behind it may be next.
    func wake(_ context: ContextID) {
        let lanes = state.withLock { $0.waiting.removeValue(forKey: context) ?? [] }
        for lane in lanes { lane.wake() }
    }
}
