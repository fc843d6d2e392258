import Glibc
import Synchronization

/// A value that is given once and waited for, by tasks and by threads.
package final class Gate<Value: Sendable>: Sendable {
    private struct State {
        var value: Value?
        var waiters: [CheckedContinuation<Value, Never>] = []
    }

    private let state = Mutex(State())

    package init() {}

    package func open(with value: Value) {
        let waiters = state.withLock { state in
            guard state.value == nil else { return [CheckedContinuation<Value, Never>]() }
            state.value = value
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: value) }
    }

    package var value: Value {
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

    package var isOpen: Bool { state.withLock { $0.value != nil } }

    /// Blocks the calling thread; for the threads of a ``TestServer`` only.
    @discardableResult package func wait() -> Value {
        while true {
            if let value = state.withLock({ $0.value }) { return value }
            usleep(1000)
        }
    }
}

extension Gate where Value == Void {
    package func open() { open(with: ()) }
}

/// A number that threads and tasks share.
package final class Counter: Sendable {
    private let value = Mutex(0)

    package init() {}

    package var count: Int { value.withLock { $0 } }

    @discardableResult
    package func increment() -> Int {
        value.withLock { value in
            value += 1
            return value
        }
    }
}
