extension Database {
    /// How many contexts are listed.
    private static let listed: Int64 = 50

    package func contextOverviews() throws -> [ContextOverview] {
        try run(
            """
            SELECT id, name, owner, surface,
                (SELECT count(*) FROM transcript WHERE context = context.id) AS messages,
                (SELECT count(*) FROM conversation WHERE context = context.id) AS chats
            FROM context ORDER BY used_at DESC LIMIT ?
            """,
            .integer(Self.listed)
        ).compactMap { row in
            guard let id: ContextID = row.id("id") else { return nil }
            return ContextOverview(
                id: id,
                name: row.text("name"),
                owner: row.text("owner") ?? "",
                surface: row.text("surface") ?? "",
                messages: row.integer("messages") ?? 0,
                chats: row.integer("chats") ?? 0
            )
        }
    }
}
