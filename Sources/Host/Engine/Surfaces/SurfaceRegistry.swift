import SurfaceKit
import Synchronization

/// The surfaces that run now, by id.
final class SurfaceRegistry: Sendable {
    private let surfaces = Mutex<[SurfaceID: SurfaceRuntime]>([:])

    var running: Set<SurfaceID> { surfaces.withLock { Set($0.keys) } }

    subscript(id: SurfaceID) -> SurfaceRuntime? { surfaces.withLock { $0[id] } }

    func add(_ runtime: SurfaceRuntime) { surfaces.withLock { $0[runtime.id] = runtime } }

    func remove(_ id: SurfaceID) { surfaces.withLock { $0[id] = nil } }
}
