import Settings
import Synchronization

/// Lets as many runs be open at one time as the settings say; further ones wait in the order in which they came.
///
/// Each conversation has at most one of them, so that no chat gets ahead of another by asking more.
final class RunGate: Sendable {
    private struct State {
        var open = 0
        var queue: [(id: UInt64, waiter: CheckedContinuation<Bool, Never>)] = []
        var nextID: UInt64 = 0
        var isClosed = false
        /// Cancelled before they waited.
        var cancelled: Set<UInt64> = []
    }

    private let state = Mutex(State())
    private let settings: LiveSettings

    init(settings: LiveSettings) { self.settings = settings }

    /// Runs that wait to be opened.
    var waiting: Int { state.withLock { $0.queue.count } }

    /// Opens no run any more: those that wait are told so.
    func close() {
        let waiters = state.withLock { state in
            state.isClosed = true
            defer { state.queue = [] }
            return state.queue.map(\.waiter)
        }
        for waiter in waiters { waiter.resume(returning: false) }
    }

    /// Waits until a run may be opened; false when cancelled, or closed.
    func enter() async -> Bool {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let answer: Bool? = state.withLock { state in
                    if state.cancelled.remove(id) != nil || state.isClosed { return false }
                    guard state.open < limit, state.queue.isEmpty else {
                        state.queue.append((id, waiter))
                        return nil
                    }
                    state.open += 1
                    return true
                }
                if let answer { waiter.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> CheckedContinuation<Bool, Never>? in
                guard let index = state.queue.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.queue.remove(at: index).waiter
            }
            waiter?.resume(returning: false)
        }
    }

    func leave() {
        let next: [CheckedContinuation<Bool, Never>] = state.withLock { state in
            state.open -= 1
            var next: [CheckedContinuation<Bool, Never>] = []
            while state.open < limit, !state.queue.isEmpty {
                next.append(state.queue.removeFirst().waiter)
                state.open += 1
            }
            return next
        }
        for waiter in next { waiter.resume(returning: true) }
    }

    private var limit: Int { settings.current.agent.maxRuns }
}
