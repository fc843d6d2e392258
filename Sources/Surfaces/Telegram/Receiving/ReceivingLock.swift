import Basics
import Synchronization

/// Sees to it that this process never receives the updates of one bot twice.
struct ReceivingLock: Hashable, Sendable {
    let server: String
    let token: Secret

    private static let held = Mutex<Set<ReceivingLock>>([])

    /// False when it is taken.
    func take() -> Bool { Self.held.withLock { $0.insert(self).inserted } }

    func release() { Self.held.withLock { _ = $0.remove(self) } }
}
