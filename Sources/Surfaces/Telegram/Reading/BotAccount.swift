import Basics
import SurfaceKit

/// The bot itself, as `getMe` tells it.
struct BotAccount: Hashable, Sendable {
    let id: Int64
    let username: String
    let name: String
    /// Whether private chats with the bot have topics.
    let hasTopics: Bool
    /// Whether privacy mode is off.
    let readsAllGroupMessages: Bool

    init?(_ user: JSONValue) {
        guard let id = user["id"]?.int64 else { return nil }
        self.id = id
        username = user["username"]?.string ?? ""
        name = user["first_name"]?.string ?? username
        hasTopics = user["has_topics_enabled"]?.bool ?? false
        readsAllGroupMessages = user["can_read_all_group_messages"]?.bool ?? false
    }

    /// Whether `name`, with or without `@`, is the bot’s.
    func isCalled(_ name: some StringProtocol) -> Bool {
        let name = name.first == "@" ? String(name.dropFirst()) : String(name)
        return !username.isEmpty && name.lowercased() == username.lowercased()
    }
}
