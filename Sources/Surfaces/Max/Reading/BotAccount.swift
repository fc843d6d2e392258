import Basics

/// The bot itself, as `GET /me` tells it.
struct BotAccount: Hashable, Sendable {
    let id: Int64
    /// Without `@`; may be empty.
    let username: String
    let name: String

    init?(_ user: JSONValue) {
        guard let id = user["user_id"]?.int64 else { return nil }
        self.id = id
        username = user["username"]?.string ?? ""
        name = user["first_name"]?.string ?? user["name"]?.string ?? username
    }

    /// Whether `name`, with or without `@`, is the bot’s.
    func isCalled(_ name: some StringProtocol) -> Bool {
        let name = name.first == "@" ? String(name.dropFirst()) : String(name)
        return !username.isEmpty && name.lowercased() == username.lowercased()
    }
}
