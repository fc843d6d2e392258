import SurfaceKit

extension Database {
    package func conversation(_ id: ConversationID) throws -> ConversationRecord? {
        try run("SELECT * FROM conversation WHERE id = ?", SQLValue(id)).first.map(ConversationRecord.init)
    }

    package func conversation(
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
            .text(kind.word),
            SQLValue(language)
        )
        guard let row = rows.first else { throw StateError.failed(reason: "no conversation row") }
        return try ConversationRecord(row)
    }

    package func conversations(of chat: ChatID, on surface: SurfaceID) throws -> [ConversationRecord] {
        try run(
            "SELECT * FROM conversation WHERE surface = ? AND chat = ?",
            .text(surface.rawValue),
            .text(chat.rawValue)
        ).map(ConversationRecord.init)
    }

    package func setContext(_ context: ContextID, of conversation: ConversationID) throws {
        try run("UPDATE conversation SET context = ? WHERE id = ?", SQLValue(context), SQLValue(conversation))
    }

    package func setToldUnreadable(_ conversation: ConversationID) throws {
        try run("UPDATE conversation SET told_unreadable = 1 WHERE id = ?", SQLValue(conversation))
    }

    package func setUndelivered(_ isUndelivered: Bool, in conversation: ConversationID) throws {
        try run(
            "UPDATE conversation SET undelivered = ? WHERE id = ?",
            .integer(isUndelivered ? 1 : 0),
            SQLValue(conversation)
        )
    }

    package func moveChat(_ old: ChatID, to new: ChatID, on surface: SurfaceID) throws {
        // A chat that is said to go on as itself stays what it is.
        guard old != new else { return }
        try passContexts(of: .group(old, on: surface), to: .group(new, on: surface))
        for moved in try conversations(of: old, on: surface) {
            let thread = moved.address.thread?.rawValue ?? ""
            let taken =
                try run(
                    "SELECT id FROM conversation WHERE surface = ? AND chat = ? AND thread = ?",
                    .text(surface.rawValue),
                    .text(new.rawValue),
                    .text(thread)
                ).first?.id("id") as ConversationID?
            guard let taken else {
                try run("UPDATE conversation SET chat = ? WHERE id = ?", .text(new.rawValue), SQLValue(moved.id))
                continue
            }
            for table in ["turn", "post", "staged", "pairing", "link_code", "link_offer"] {
                try run(
                    "UPDATE \(table) SET conversation = ? WHERE conversation = ?",
                    SQLValue(taken),
                    SQLValue(moved.id)
                )
            }
            try run(
                "UPDATE conversation SET context = coalesce(?, context) WHERE id = ?",
                SQLValue(moved.context),
                SQLValue(taken)
            )
            try run("DELETE FROM conversation WHERE id = ?", SQLValue(moved.id))
        }
    }
}

extension ConversationRecord {
    package init(_ row: SQLRow) throws {
        let id: ConversationID = try row.id("id", of: "conversation")
        do {
            let thread = try row.text("thread", of: "conversation")
            self.init(
                id: id,
                surface: SurfaceID(try row.text("surface", of: "conversation")),
                address: ConversationAddress(
                    chat: ChatID(try row.text("chat", of: "conversation")),
                    thread: thread.isEmpty ? nil : ThreadID(thread)
                ),
                kind: try ChatKind(stored: row.text("kind")),
                context: row.id("context"),
                language: row.text("language"),
                toldUnreadable: row.integer("told_unreadable") == 1,
                hasUndelivered: (row.integer("undelivered") ?? 0) > 0
            )
        } catch {
            throw StateError.damaged(.conversation(id), reason: "\(error)")
        }
    }
}
