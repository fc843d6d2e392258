import SurfaceKit

extension Database {
    package func noteList(
        of contexts: [ContextID],
        shownTo person: PersonID,
        in conversation: ConversationID
    ) throws {
        try run(
            """
            INSERT INTO shown_list (conversation, person, contexts) VALUES (?, ?, ?)
            ON CONFLICT (conversation, person) DO UPDATE SET contexts = excluded.contexts
            """,
            SQLValue(conversation),
            .text(person.rawValue),
            .text(contexts.map(\.description).joined(separator: ","))
        )
    }

    package func shownList(to person: PersonID, in conversation: ConversationID) throws -> [ContextID] {
        let rows = try run(
            "SELECT contexts FROM shown_list WHERE conversation = ? AND person = ?",
            SQLValue(conversation),
            .text(person.rawValue)
        )
        return rows.first?.text("contexts")?.split(separator: ",").compactMap { Int64($0).map { ContextID($0) } } ?? []
    }
}
