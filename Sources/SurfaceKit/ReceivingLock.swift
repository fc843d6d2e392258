import Basics
import Synchronization

/// Sees to it that this process never receives the updates of one bot twice.
package struct ReceivingLock: Hashable, Sendable {
    private let server: String
    private let token: Secret

    private static let held = Mutex<Set<ReceivingLock>>([])

    package init(server: String, token: Secret) {
        self.server = server
        self.token = token
    }

    /// False when it is taken.
    package func take() -> Bool { Self.held.withLock { $0.insert(self).inserted } }

    package func release() { Self.held.withLock { _ = $0.remove(self) } }
}
