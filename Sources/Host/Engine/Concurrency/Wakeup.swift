import Basics
import Synchronization

/// Wakes one waiting task; wake-ups that nobody waits for are remembered as one.
package final class Wakeup: Sendable {
    private enum State {
        case idle
        case pending
        case waiting(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex<State>(.idle)

    package init() {}

    /// Whether a signal waits to be taken.
    package var isPending: Bool { state.withLock { if case .pending = $0 { true } else { false } } }

    /// Forgets a pending signal: what it tells is about to be looked at anyway.
    package func clear() { state.withLock { if case .pending = $0 { $0 = .idle } } }

    package func signal() {
        let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
            guard case .waiting(let waiter) = state else {
                state = .pending
                return nil
            }
            state = .idle
            return waiter
        }
        waiter?.resume()
    }

    /// Returns when signalled or cancelled; at once when a signal is pending.
    ///
    /// For one waiter.
    package func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let ready: Bool = state.withLock { state in
                    guard case .idle = state, !Task.isCancelled else {
                        state = .idle
                        return true
                    }
                    state = .waiting(waiter)
                    return false
                }
                if ready { waiter.resume() }
            }
        } onCancel: {
            signal()
        }
    }

    /// As ``wait()``, and at the latest after `duration`.
    package func wait(atMost duration: Duration, on system: any System) async {
        guard duration > .zero else { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait() }
            group.addTask { try? await system.sleep(for: duration) }
            await group.next()
            group.cancelAll()
        }
    }
}
