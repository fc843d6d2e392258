import SurfaceKit

/// A file that waits for the next text of the same person.
struct StagedRecord: Hashable, Sendable {
    let id: Int64
    let file: InboundFile
    let album: String?
}

extension Database {
    func stage(_ message: InboundMessage, in conversation: Int64, person: PersonID, now: Timestamp) throws {
        for file in message.files {
            try run(
                "INSERT INTO staged (conversation, person, message, album, file, at) VALUES (?, ?, ?, ?, ?, ?)",
                .integer(conversation),
                .text(person.rawValue),
                .text(message.id.rawValue),
                SQLValue(message.album),
                .text(try Coded.text(file)),
                SQLValue(now)
            )
        }
    }

    func staged(conversation: Int64, person: PersonID, since: Timestamp) throws -> [StagedRecord] {
        try run(
            "SELECT * FROM staged WHERE conversation = ? AND person = ? AND at >= ? ORDER BY id",
            .integer(conversation),
            .text(person.rawValue),
            SQLValue(since)
        ).map { row in
            StagedRecord(
                id: row.integer("id") ?? 0,
                file: try Coded.value(InboundFile.self, row.text("file")),
                album: row.text("album")
            )
        }
    }

    /// Forgets what is staged: it has become part of a message, or is too old.
    func clearStaged(conversation: Int64, person: PersonID) throws {
        try run(
            "DELETE FROM staged WHERE conversation = ? AND person = ?",
            .integer(conversation),
            .text(person.rawValue)
        )
    }

    func unstage(_ message: MessageID, in conversation: Int64) throws {
        try run(
            "DELETE FROM staged WHERE conversation = ? AND message = ?",
            .integer(conversation),
            .text(message.rawValue)
        )
    }

    func unstage(_ id: Int64) throws { try run("DELETE FROM staged WHERE id = ?", .integer(id)) }
}
