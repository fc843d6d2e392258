import SurfaceKit
import Synchronization

/// The health of each surface, by id; the newest when one was started again.
final class SurfaceHealths: Sendable {
    private let healths = Mutex<[SurfaceID: SurfaceHealth]>([:])

    subscript(id: SurfaceID) -> SurfaceHealth? { healths.withLock { $0[id] } }

    func set(_ health: SurfaceHealth, of id: SurfaceID) { healths.withLock { $0[id] = health } }

    /// The host has ended.
    func stopAll() {
        for (_, health) in healths.withLock({ $0 }).sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            health.move(to: .stopped, reason: nil)
        }
    }
}
