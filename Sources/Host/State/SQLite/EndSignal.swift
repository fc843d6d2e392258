import Synchronization

/// Tells all that wait that something has ended, also those whose task is cancelled: the next host opens the same
/// database.
final class EndSignal: Sendable {
    private enum State {
        case running([CheckedContinuation<Void, Never>])
        case ended
    }

    private let state = Mutex(State.running([]))

    func signal() {
        let waiters: [CheckedContinuation<Void, Never>] = state.withLock { state in
            defer { state = .ended }
            return if case .running(let waiters) = state { waiters } else { [] }
        }
        for waiter in waiters { waiter.resume() }
    }

    func wait() async {
        await withCheckedContinuation { waiter in
            let hasEnded = state.withLock { state in
                guard case .running(let waiters) = state else { return true }
                state = .running(waiters + [waiter])
                return false
            }
            if hasEnded { waiter.resume() }
        }
    }
}

/// Hands a value that is used by one thread to that thread.
struct Transferred<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
}
