import Synchronization

/// A switch that a test turns while others look at it.
final class Toggle: Sendable {
    private let value = Mutex(false)

    var isOn: Bool { value.withLock { $0 } }

    func turnOn() { value.withLock { $0 = true } }
}
