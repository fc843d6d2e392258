import Basics
import HTTP

/// A look into a host that runs in this process.
package struct HostWindow: Sendable {
    /// Where its admin listener listens.
    package let admin: SocketAddress
    /// Its contexts, the one used last first.
    package let contexts: @Sendable () async throws -> [ContextOverview]
}

/// A context in one line.
package struct ContextOverview: Hashable, Sendable {
    /// The platform chat id.
    package let number: Int64
    package let name: String?
    /// Who it belongs to, for people.
    package let owner: String
    /// The surface on which it began.
    package let surface: String
    package let messages: Int64
    /// Chats that are on it now.
    package let chats: Int64
}

extension Database {
    /// How many contexts are listed.
    private static let listed: Int64 = 50

    func contextOverviews() throws -> [ContextOverview] {
        try run(
            """
            SELECT id, name, owner, surface,
                (SELECT count(*) FROM transcript WHERE context = context.id) AS messages,
                (SELECT count(*) FROM conversation WHERE context = context.id) AS chats
            FROM context ORDER BY used_at DESC, id DESC LIMIT ?
            """,
            .integer(Self.listed)
        ).map { row in
            ContextOverview(
                number: row.integer("id") ?? 0,
                name: row.text("name"),
                owner: row.text("owner") ?? "",
                surface: row.text("surface") ?? "",
                messages: row.integer("messages") ?? 0,
                chats: row.integer("chats") ?? 0
            )
        }
    }
}
