import SurfaceKit

/// What the agent remembers under one platform chat id.
package struct ContextRecord: Hashable, Sendable {
    /// The platform chat id.
    package let id: Int64
    package let owner: ContextOwner
    /// Who owned it when it began; the same as ``owner`` unless accounts are linked.
    let origin: ContextOwner
    package let name: String?
    /// The surface on which it began.
    package let surface: SurfaceID
    package let createdAt: Timestamp
}

/// Who may see, load and delete a context: a person, or in a group the group.
package struct ContextOwner: Hashable, Sendable {
    let rawValue: String

    init(rawValue: String) { self.rawValue = rawValue }

    package static func person(_ person: PersonID, on surface: SurfaceID) -> ContextOwner {
        ContextOwner(rawValue: "person:\(surface):\(person)")
    }

    package static func group(_ chat: ChatID, on surface: SurfaceID) -> ContextOwner {
        ContextOwner(rawValue: "group:\(surface):\(chat)")
    }
}

extension Database {
    /// Makes a context with a platform chat id that was never given before.
    ///
    /// The id is the time in milliseconds, or one more than the last: an agent that remembers by thread never meets an
    /// old number again, not even after the host lost its state.
    ///
    /// - Parameter origin: The owner that it stays with when accounts are unlinked.
    func makeContext(
        owner: ContextOwner,
        origin: ContextOwner,
        surface: SurfaceID,
        now: Timestamp
    ) throws -> Int64 {
        let rows = try run(
            "UPDATE last_context SET id = max(id + 1, ?) RETURNING id",
            .integer(now.milliseconds)
        )
        guard let id = rows.first?.integer("id") else { throw StoreError.failed(reason: "no context id") }
        try run(
            "INSERT INTO context (id, owner, origin, surface, created_at, used_at) VALUES (?, ?, ?, ?, ?, ?)",
            .integer(id),
            .text(owner.rawValue),
            .text(origin.rawValue),
            .text(surface.rawValue),
            SQLValue(now),
            SQLValue(now)
        )
        return id
    }

    func context(_ id: Int64) throws -> ContextRecord? {
        try run("SELECT * FROM context WHERE id = ?", .integer(id)).first.map(ContextRecord.init)
    }

    /// The contexts of an owner, the one used last first.
    func contexts(of owner: ContextOwner) throws -> [ContextRecord] {
        try run("SELECT * FROM context WHERE owner = ? ORDER BY used_at DESC, id DESC", .text(owner.rawValue))
            .map(ContextRecord.init)
    }

    func setName(_ name: String, of context: Int64) throws {
        try run("UPDATE context SET name = ? WHERE id = ?", .text(name), .integer(context))
    }

    /// Gives everything of one owner to another.
    func passContexts(of owner: ContextOwner, to heir: ContextOwner) throws {
        try run("UPDATE context SET owner = ? WHERE owner = ?", .text(heir.rawValue), .text(owner.rawValue))
        try run("UPDATE context SET origin = ? WHERE origin = ?", .text(heir.rawValue), .text(owner.rawValue))
    }

    /// Removes a context; its chats and the questions that wait in it move to `successor`.
    func forgetContext(_ id: Int64, successor: Int64) throws {
        for statement in [
            "UPDATE conversation SET context = ? WHERE context = ?",
            "UPDATE turn SET context = ? WHERE context = ? AND state = 'waiting'",
        ] {
            try run(statement, .integer(successor), .integer(id))
        }
        try forgetContext(id)
    }

    /// Removes a context that no chat is on and no question waits in.
    func forgetContext(_ id: Int64) throws {
        try run("DELETE FROM transcript WHERE context = ?", .integer(id))
        try run("DELETE FROM context WHERE id = ?", .integer(id))
    }

    /// Whether a chat is on the context, or a question waits or is being answered in it.
    func isInUse(_ id: Int64) throws -> Bool { try chatsOnContext(id) > 0 || currentTurn(of: id) != nil }

    /// Number of chats that are on the context now.
    func chatsOnContext(_ id: Int64) throws -> Int {
        Int(try run("SELECT count(*) AS n FROM conversation WHERE context = ?", .integer(id)).first?.integer("n") ?? 0)
    }
}

extension ContextRecord {
    init(_ row: SQLRow) throws {
        guard
            let id = row.integer("id"), let owner = row.text("owner"), let origin = row.text("origin"),
            let surface = row.text("surface"),
            let createdAt = row.time("created_at")
        else { throw StoreError.unusable(reason: "a context row cannot be read") }
        self.init(
            id: id,
            owner: ContextOwner(rawValue: owner),
            origin: ContextOwner(rawValue: origin),
            name: row.text("name"),
            surface: SurfaceID(surface),
            createdAt: createdAt
        )
    }
}
