import Basics
import HTTP
import State

/// A look into a host that runs in this process.
package struct HostWindow: Sendable {
    /// A context in one line.
    package struct Context: Hashable, Sendable {
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

    /// Where its admin listener listens.
    package let admin: SocketAddress
    private let store: any StateStore

    init(admin: SocketAddress, store: any StateStore) {
        self.admin = admin
        self.store = store
    }

    /// Its contexts, the one used last first.
    package func contexts() async throws -> [Context] {
        try await store.read { try $0.contextOverviews() }.map { context in
            Context(
                number: context.id.number,
                name: context.name,
                owner: context.owner,
                surface: context.surface,
                messages: context.messages,
                chats: context.chats
            )
        }
    }
}
