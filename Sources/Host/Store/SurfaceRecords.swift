import SurfaceKit

extension Database {
    func checkpoint(of surface: SurfaceID) throws -> Checkpoint? {
        try run("SELECT value FROM checkpoint WHERE surface = ?", .text(surface.rawValue))
            .first?.text("value").map { Checkpoint($0) }
    }

    func setCheckpoint(_ checkpoint: Checkpoint?, of surface: SurfaceID) throws {
        guard let checkpoint else {
            try run("DELETE FROM checkpoint WHERE surface = ?", .text(surface.rawValue))
            return
        }
        try run(
            "INSERT INTO checkpoint VALUES (?, ?) ON CONFLICT (surface) DO UPDATE SET value = excluded.value",
            .text(surface.rawValue),
            .text(checkpoint.rawValue)
        )
    }

    /// Notes an event; false when it was noted before.
    func noteEvent(_ event: EventID, of surface: SurfaceID, now: Timestamp) throws -> Bool {
        try run(
            "INSERT OR IGNORE INTO seen VALUES (?, ?, ?)",
            .text(surface.rawValue),
            .text(event.rawValue),
            SQLValue(now)
        )
        return changes == 1
    }

    func apply(_ changes: [StateChange], of surface: SurfaceID) throws {
        for change in changes {
            guard let value = change.value else {
                try run(
                    "DELETE FROM surface_state WHERE surface = ? AND key = ?",
                    .text(surface.rawValue),
                    .text(change.key)
                )
                continue
            }
            try run(
                """
                INSERT INTO surface_state VALUES (?, ?, ?) ON CONFLICT (surface, key) DO UPDATE SET value = excluded.value
                """,
                .text(surface.rawValue),
                .text(change.key),
                .text(value)
            )
        }
    }
}

/// The ``SurfaceState`` of one surface, in the store.
struct StoredSurfaceState: SurfaceState {
    let surface: SurfaceID
    let store: Store

    func value(_ key: String) async throws(SurfaceError) -> String? {
        try await translated { [surface] database in
            try database.run(
                "SELECT value FROM surface_state WHERE surface = ? AND key = ?",
                .text(surface.rawValue),
                .text(key)
            ).first?.text("value")
        }
    }

    func values(withPrefix prefix: String) async throws(SurfaceError) -> [String: String] {
        try await translated { [surface] database in
            let rows = try database.run(
                "SELECT key, value FROM surface_state WHERE surface = ? AND substr(key, 1, length(?)) = ?",
                .text(surface.rawValue),
                .text(prefix),
                .text(prefix)
            )
            return Dictionary(rows.map { ($0.text("key") ?? "", $0.text("value") ?? "") }) { _, last in last }
        }
    }

    func apply(_ changes: [StateChange]) async throws(SurfaceError) {
        try await translated { [surface] database in try database.apply(changes, of: surface) }
    }

    private func translated<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws(SurfaceError) -> Result {
        do {
            return try await store.write(.full, body)
        } catch {
            throw .unavailable(reason: "the state cannot be stored: \(error)")
        }
    }
}
