import Basics
import SurfaceKit

extension Database {
    package func makeContext(
        owner: ContextOwner,
        origin: ContextOwner,
        surface: SurfaceID,
        now: Timestamp
    ) throws -> ContextID {
        // The time in milliseconds: an agent that remembers by thread never meets an old number again, not even after
        // the host lost its state.
        let rows = try run(
            "UPDATE last_context SET id = max(id + 1, ?) RETURNING id",
            .integer(now.milliseconds)
        )
        guard let id: ContextID = rows.first?.id("id") else { throw StateError.failed(reason: "no context id") }
        try run(
            "INSERT INTO context (id, owner, origin, surface, created_at, used_at) VALUES (?, ?, ?, ?, ?, ?)",
            SQLValue(id),
            .text(owner.rawValue),
            .text(origin.rawValue),
            .text(surface.rawValue),
            SQLValue(now),
            SQLValue(now)
        )
        return id
    }

    package func context(_ id: ContextID) throws -> ContextRecord? {
        try run("SELECT * FROM context WHERE id = ?", SQLValue(id)).first.map(ContextRecord.init)
    }

    package func contexts(of owner: ContextOwner) throws -> [ContextRecord] {
        try run("SELECT * FROM context WHERE owner = ? ORDER BY used_at DESC, id DESC", .text(owner.rawValue))
            .map(ContextRecord.init)
    }

    package func setName(_ name: String, of context: ContextID) throws {
        try run("UPDATE context SET name = ? WHERE id = ?", .text(name), SQLValue(context))
    }

    /// Gives everything of one owner to another.
    package func passContexts(of owner: ContextOwner, to heir: ContextOwner) throws {
        try run("UPDATE context SET owner = ? WHERE owner = ?", .text(heir.rawValue), .text(owner.rawValue))
        try run("UPDATE context SET origin = ? WHERE origin = ?", .text(heir.rawValue), .text(owner.rawValue))
    }

    package func forgetContext(_ id: ContextID, successor: ContextID) throws {
        try run("UPDATE conversation SET context = ? WHERE context = ?", SQLValue(successor), SQLValue(id))
        // The wider condition is the index’s own.
        try run(
            "UPDATE turn SET context = ? WHERE context = ? AND state IN ('waiting', 'sent') AND state = 'waiting'",
            SQLValue(successor),
            SQLValue(id)
        )
        try forgetContext(id)
    }

    package func forgetContext(_ id: ContextID) throws {
        try run("DELETE FROM transcript WHERE context = ?", SQLValue(id))
        try run("DELETE FROM context WHERE id = ?", SQLValue(id))
    }

    package func isInUse(_ id: ContextID) throws -> Bool { try chatsOnContext(id) > 0 || currentTurn(of: id) != nil }

    package func chatsOnContext(_ id: ContextID) throws -> Int {
        Int(try run("SELECT count(*) AS n FROM conversation WHERE context = ?", SQLValue(id)).first?.integer("n") ?? 0)
    }
}

extension ContextRecord {
    package init(_ row: SQLRow) throws {
        let id: ContextID = try row.id("id", of: "context")
        do {
            self.init(
                id: id,
                owner: try ContextOwner(stored: row.text("owner")),
                origin: try ContextOwner(stored: row.text("origin")),
                name: row.text("name"),
                surface: SurfaceID(try row.text("surface", of: "context")),
                createdAt: try row.time("created_at", of: "context")
            )
        } catch {
            throw StateError.damaged(.context(id), reason: "\(error)")
        }
    }
}
