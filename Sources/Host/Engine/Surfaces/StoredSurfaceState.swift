import State
import SurfaceKit

/// The ``SurfaceState`` of one surface, in the store.
struct StoredSurfaceState: SurfaceState {
    let surface: SurfaceID
    let store: any StateStore

    func value(_ key: String) async throws(SurfaceError) -> String? {
        do {
            return try await store.read { [surface] in try $0.value(key, of: surface) }
        } catch {
            throw .unavailable(reason: "the state cannot be read: \(error)")
        }
    }

    func values(withPrefix prefix: String) async throws(SurfaceError) -> [String: String] {
        do {
            return try await store.read { [surface] in try $0.values(withPrefix: prefix, of: surface) }
        } catch {
            throw .unavailable(reason: "the state cannot be read: \(error)")
        }
    }

    func apply(_ changes: [StateChange]) async throws(SurfaceError) {
        do {
            try await store.write { [surface] in try $0.apply(changes, of: surface) }
        } catch {
            throw .unavailable(reason: "the state cannot be stored: \(error)")
        }
    }
}
