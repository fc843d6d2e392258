import Basics
import State
import SurfaceKit

/// A surface’s state for one look: what the host has stored, with changes that are forgotten afterwards.
///
/// Another process may be the host and own the database; a check must not disturb it.
actor BorrowedState: SurfaceState {
    private let surface: SurfaceID
    private let database: String
    private var loaded: [String: String]?

    /// - Parameter database: Path of the host’s database, which may not exist yet.
    init(surface: SurfaceID, database: String) {
        self.surface = surface
        self.database = database
    }

    func value(_ key: String) async throws(SurfaceError) -> String? { try values()[key] }

    func values(withPrefix prefix: String) async throws(SurfaceError) -> [String: String] {
        try values().filter { $0.key.hasPrefix(prefix) }
    }

    func apply(_ changes: [StateChange]) async throws(SurfaceError) {
        var values = try values()
        for change in changes { values[change.key] = change.value }
        loaded = values
    }

    private func values() throws(SurfaceError) -> [String: String] {
        if let loaded { return loaded }
        let values = try stored()
        loaded = values
        return values
    }

    private func stored() throws(SurfaceError) -> [String: String] {
        guard SharedState.exists(at: database) else { return [:] }
        do {
            return try SharedState(path: database).read { try $0.values(withPrefix: "", of: surface) }
        } catch {
            throw .unavailable(reason: "the stored state cannot be read: \(error)")
        }
    }
}
