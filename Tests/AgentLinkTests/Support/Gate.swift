import Glibc
import Synchronization

/// A value that is given once and waited for, by tasks and by threads.
final class Gate<Value: Sendable>: Sendable {
    private struct State {
        var value: Value?
        var waiters: [CheckedContinuation<Value, Never>] = []
    }

    private let state = Mutex(State())

    func open(with value: Value) {
        let waiters = state.withLock { state in
            guard state.value == nil else { return [CheckedContinuation<Value, Never>]() }
            state.value = value
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: value) }
    }

    var value: Value {
        get async {
            await withCheckedContinuation { waiter in
                let value = state.withLock { state in
                    if state.value == nil { state.waiters.append(waiter) }
                    return state.value
                }
                if let value { waiter.resume(returning: value) }
            }
        }
    }

    var isOpen: Bool { state.withLock { $0.value != nil } }

    /// Blocks the calling thread; for the threads of a ``TestServer`` only.
    func wait() -> Value {
        while true {
            if let value = state.withLock({ $0.value }) { return value }
            usleep(1000)
        }
    }
}

extension Gate where Value == Void {
    func open() { open(with: ()) }
}
