import SurfaceKit

/// A place where the bot is spoken to: a chat of a surface, or one thread of it.
package struct ConversationRecord: Hashable, Sendable {
    package let id: Int64
    package let surface: SurfaceID
    package let address: ConversationAddress
    package let kind: ChatKind
    /// The context that a next message belongs to.
    package let context: Int64?
    /// BCP 47, as the messenger told it last.
    package let language: String?
    package let toldUnreadable: Bool
}

extension Database {
    func conversation(_ id: Int64) throws -> ConversationRecord {
        guard let row = try run("SELECT * FROM conversation WHERE id = ?", .integer(id)).first else {
            throw StoreError.failed(reason: "no conversation \(id)")
        }
        return try ConversationRecord(row)
    }

    /// The conversation at `address`, made when it is new; its kind and language are brought up to date.
    func conversation(
        on surface: SurfaceID,
        at address: ConversationAddress,
        kind: ChatKind,
        language: String?
    ) throws -> ConversationRecord {
        let rows = try run(
            """
            INSERT INTO conversation (surface, chat, thread, kind, language) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (surface, chat, thread)
            DO UPDATE SET kind = excluded.kind, language = coalesce(excluded.language, language)
            RETURNING *
            """,
            .text(surface.rawValue),
            .text(address.chat.rawValue),
            .text(address.thread?.rawValue ?? ""),
            .text(kind.rawValue),
            SQLValue(language)
        )
        guard let row = rows.first else { throw StoreError.failed(reason: "no conversation row") }
        return try ConversationRecord(row)
    }

    /// All conversations of a chat: itself and its threads.
    func conversations(of chat: ChatID, on surface: SurfaceID) throws -> [ConversationRecord] {
        try run(
            "SELECT * FROM conversation WHERE surface = ? AND chat = ?",
            .text(surface.rawValue),
            .text(chat.rawValue)
        ).map(ConversationRecord.init)
    }

    func setContext(_ context: Int64, of conversation: Int64) throws {
        try run("UPDATE conversation SET context = ? WHERE id = ?", .integer(context), .integer(conversation))
    }

    func setToldUnreadable(_ conversation: Int64) throws {
        try run("UPDATE conversation SET told_unreadable = 1 WHERE id = ?", .integer(conversation))
    }

    /// Lets the conversations of `old` go on under `new`, with their contexts and all that is still to be said.
    func moveChat(_ old: ChatID, to new: ChatID, on surface: SurfaceID) throws {
        try passContexts(of: .group(old, on: surface), to: .group(new, on: surface))
        for moved in try conversations(of: old, on: surface) {
            let thread = moved.address.thread?.rawValue ?? ""
            let taken = try run(
                "SELECT id FROM conversation WHERE surface = ? AND chat = ? AND thread = ?",
                .text(surface.rawValue),
                .text(new.rawValue),
                .text(thread)
            ).first?.integer("id")
            guard let taken else {
                try run("UPDATE conversation SET chat = ? WHERE id = ?", .text(new.rawValue), .integer(moved.id))
                continue
            }
            for table in ["turn", "post", "staged", "pairing", "link_code", "link_offer"] {
                try run(
                    "UPDATE \(table) SET conversation = ? WHERE conversation = ?",
                    .integer(taken),
                    .integer(moved.id)
                )
            }
            try run(
                "UPDATE conversation SET context = coalesce(?, context) WHERE id = ?",
                SQLValue(moved.context),
                .integer(taken)
            )
            try run("DELETE FROM conversation WHERE id = ?", .integer(moved.id))
        }
    }
}

extension ConversationRecord {
    init(_ row: SQLRow) throws {
        guard
            let id = row.integer("id"), let surface = row.text("surface"), let chat = row.text("chat"),
            let thread = row.text("thread"), let kind = row.text("kind").flatMap(ChatKind.init(rawValue:))
        else { throw StoreError.unusable(reason: "a conversation row cannot be read") }
        self.init(
            id: id,
            surface: SurfaceID(surface),
            address: ConversationAddress(chat: ChatID(chat), thread: thread.isEmpty ? nil : ThreadID(thread)),
            kind: kind,
            context: row.integer("context"),
            language: row.text("language"),
            toldUnreadable: row.integer("told_unreadable") == 1
        )
    }
}
