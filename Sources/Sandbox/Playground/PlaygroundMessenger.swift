import Basics

/// A simulated messenger as the playground shows it: a few people, a few chats, and what can be done in them.
package protocol PlaygroundMessenger: Sendable {
    /// Also the id of its surface in the manifest: `a-z 0-9 -`.
    var id: String { get }
    /// Its name for people.
    var title: String { get }
    /// The bot’s name in its chats.
    var botName: String { get }
    /// What addresses the bot in a group, with the space after it.
    var mention: String { get }
    /// What commands begin with.
    var commandPrefix: String { get }
    var people: [PlaygroundPerson] { get }
    var chats: [PlaygroundChat] { get }

    /// Serves the messenger’s interface for bots for as long as `body` runs.
    func serve(while body: @Sendable (PlaygroundSurface) async throws -> Void) async throws

    /// What stands in a chat now; empty for one that is not among ``chats``.
    func view(of chat: String) async -> PlaygroundView
    /// Returns when something may have changed, at the latest after a second.
    func nextChange() async
    func file(_ id: String) async -> PlaygroundFile?
    /// The bot’s menu, where the messenger has one.
    func commands() async -> [PlaygroundCommand]

    // MARK: What people do

    /// - Parameter replyTo: The id of a message that stands in the chat.
    func say(_ text: String, in chat: String, by person: String, replyTo: String?) async
    func send(_ file: PlaygroundFile, caption: String?, in chat: String, by person: String) async
    /// A person changes what they wrote.
    func edit(_ message: String, in chat: String, to text: String) async
    /// Presses a button that the view shows; one that is gone does nothing.
    func press(_ button: String, in chat: String, by person: String) async

    /// Breaks something, or mends it.
    func set(_ trouble: PlaygroundTrouble, _ on: Bool) async
}

/// What can be broken at a messenger.
package enum PlaygroundTrouble: String, Sendable, CaseIterable {
    /// Everything that the bot sends is refused: too many requests.
    case rateLimited
    /// The messenger’s interface answers as a gateway does that has lost its server.
    case unreachable
}

/// Somebody with an account on the messenger.
package struct PlaygroundPerson: Hashable, Sendable {
    /// The same on each messenger.
    package let id: String
    package let name: String
    /// The messenger’s own id, as the host knows them.
    package let account: String

    package init(id: String, name: String, account: String) {
        self.id = id
        self.name = name
        self.account = account
    }

    package static func ann(account: String) -> PlaygroundPerson {
        PlaygroundPerson(id: "ann", name: "Ann", account: account)
    }

    package static func ben(account: String) -> PlaygroundPerson {
        PlaygroundPerson(id: "ben", name: "Ben", account: account)
    }
}

package struct PlaygroundChat: Hashable, Sendable {
    package let id: String
    package let title: String
    package let isGroup: Bool
    /// The people in it, beside the bot.
    package let people: [String]

    package init(id: String, title: String, isGroup: Bool = false, people: [String]) {
        self.id = id
        self.title = title
        self.isGroup = isGroup
        self.people = people
    }
}

package struct PlaygroundCommand: Hashable, Sendable {
    /// Without its prefix.
    package let name: String
    package let summary: String

    package init(name: String, summary: String) {
        self.name = name
        self.summary = summary
    }
}

package struct PlaygroundFile: Hashable, Sendable {
    package let name: String
    package let mimeType: String
    package let bytes: [UInt8]

    package init(name: String, mimeType: String, bytes: [UInt8]) {
        self.name = name
        self.mimeType = mimeType
        self.bytes = bytes
    }
}

/// A messenger’s entry in the manifest.
package struct PlaygroundSurface: Sendable {
    package let kind: String
    /// Under `options`; secrets name the variables of `secrets`.
    package let options: JSONValue
    package let secrets: [String: String]

    package init(kind: String, options: JSONValue, secrets: [String: String]) {
        self.kind = kind
        self.options = options
        self.secrets = secrets
    }
}
