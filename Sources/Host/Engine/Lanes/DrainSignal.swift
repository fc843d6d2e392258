import Synchronization

/// Whether the host drains: no turn begins any more.
final class DrainSignal: Sendable {
    private let state = Atomic<Bool>(false)

    var isOn: Bool { state.load(ordering: .acquiring) }

    func begin() { state.store(true, ordering: .releasing) }
}
