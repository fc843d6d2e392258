import Basics
import SurfaceKit

extension Database {
    package func stage(
        _ message: InboundMessage,
        in conversation: ConversationID,
        person: PersonID,
        now: Timestamp
    ) throws {
        for file in message.files {
            try run(
                "INSERT INTO staged (conversation, person, message, album, file, at) VALUES (?, ?, ?, ?, ?, ?)",
                SQLValue(conversation),
                .text(person.rawValue),
                .text(message.id.rawValue),
                SQLValue(message.album),
                .text(try file.stored()),
                SQLValue(now)
            )
        }
    }

    package func staged(conversation: ConversationID, person: PersonID, since: Timestamp) throws -> [StagedRecord] {
        try run(
            "SELECT * FROM staged WHERE conversation = ? AND person = ? AND at >= ? ORDER BY id",
            SQLValue(conversation),
            .text(person.rawValue),
            SQLValue(since)
        ).compactMap { row in
            // One that cannot be read can never go with a message.
            guard let id: StagedID = row.id("id"), let file = try? InboundFile(stored: row.text("file")) else {
                return nil
            }
            return StagedRecord(id: id, file: file, album: row.text("album"))
        }
    }

    package func clearStaged(conversation: ConversationID, person: PersonID) throws {
        try run(
            "DELETE FROM staged WHERE conversation = ? AND person = ?",
            SQLValue(conversation),
            .text(person.rawValue)
        )
    }

    package func unstage(_ message: MessageID, in conversation: ConversationID) throws {
        try run(
            "DELETE FROM staged WHERE conversation = ? AND message = ?",
            SQLValue(conversation),
            .text(message.rawValue)
        )
    }

    package func unstage(_ id: StagedID) throws { try run("DELETE FROM staged WHERE id = ?", SQLValue(id)) }
}
