import Synchronization

/// Whether the agent answered last.
package final class AgentHealth: Sendable {
    package enum State: String, Sendable, CaseIterable {
        case unknown, ok, failing
    }

    private let inner = Mutex<(state: State, reason: String?)>((.unknown, nil))

    var state: (state: State, reason: String?) { inner.withLock { $0 } }

    /// - Returns: Whether the state changed.
    @discardableResult
    func note(_ state: State, reason: String? = nil) -> Bool {
        inner.withLock { inner in
            defer { inner = (state, reason) }
            return inner.state != state
        }
    }
}
