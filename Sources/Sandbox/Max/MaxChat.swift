import Basics

/// Somebody with an account.
package struct MaxPerson: Hashable, Sendable {
    package let id: Int64
    package let firstName: String
    package let lastName: String
    package let username: String?
    package let isBot: Bool
    /// Told in dialogs.
    package let locale: String?

    package init(
        id: Int64,
        firstName: String,
        lastName: String = "",
        username: String? = nil,
        isBot: Bool = false,
        locale: String? = "ru"
    ) {
        self.id = id
        self.firstName = firstName
        self.lastName = lastName
        self.username = username
        self.isBot = isBot
        self.locale = locale
    }

    /// As it stands in messages; with the fields that are deprecated and still sent.
    var json: JSONValue {
        var json = JSONObject()
        json["user_id"] = JSONValue(id)
        json["first_name"] = .string(firstName)
        json["last_name"] = .string(lastName)
        json["username"] = username.map { .string($0) }
        json["is_bot"] = .bool(isBot)
        json["last_activity_time"] = JSONValue(MaxSimulator.milliseconds)
        json["name"] = .string([firstName, lastName].filter { !$0.isEmpty }.joined(separator: " "))
        return .object(json)
    }
}

/// A chat as the service keeps it.
struct MaxChat: Sendable {
    enum Kind: String, Sendable {
        case dialog, chat, channel
    }

    let id: Int64
    let kind: Kind
    let title: String
    /// The other one in a dialog.
    let person: Int64?
    /// Whether the bot may read a group, which takes an administrator’s rights.
    var isAdmin = true
    /// The person stopped the bot, or it was removed.
    var isClosed = false
    var messages: [MaxMessage] = []
    /// What the bot has shown itself doing, in order.
    var actions: [String] = []
    /// Until when the bot is shown as writing.
    var typing: ContinuousClock.Instant?

    init(id: Int64, kind: Kind, title: String, person: Int64? = nil) {
        self.id = id
        self.kind = kind
        self.title = title
        self.person = person
    }

    func index(of mid: String) -> Int? { messages.firstIndex { $0.mid == mid && !$0.isDeleted } }

    var json: JSONValue {
        var json = JSONObject()
        json["chat_id"] = JSONValue(id)
        json["type"] = .string(kind.rawValue)
        json["status"] = .string(isClosed ? (kind == .dialog ? "suspended" : "removed") : "active")
        if kind != .dialog { json["title"] = .string(title) }
        json["last_event_time"] = JSONValue(messages.last?.timestamp ?? MaxSimulator.milliseconds)
        json["participants_count"] = 2
        json["is_public"] = false
        return .object(json)
    }
}

/// A message as it stands in a chat.
package struct MaxMessage: Sendable {
    /// A part of it that is not text.
    package enum Attachment: Hashable, Sendable {
        /// A picture, video, sound or file, by its token.
        case media(kind: String, token: String)
        /// Anything else, as it is delivered.
        case other(JSONValue)
    }

    /// Another message that it brings along, as that was then.
    package indirect enum Link: Sendable {
        case reply(MaxMessage)
        case forward(MaxMessage)
    }

    package let mid: String
    package let seq: Int64
    package let chat: Int64
    package let sender: Int64
    /// As people see it.
    package var text: String
    package var markup: [JSONValue] = []
    package var attachments: [Attachment] = []
    /// What it replies to or forwards.
    package var link: Link?
    package var timestamp: Int64
    /// Every text that it has had, the newest last.
    package var versions: [String]
    package var isDeleted = false

    init(mid: String, seq: Int64, chat: Int64, sender: Int64, text: String) {
        self.mid = mid
        self.seq = seq
        self.chat = chat
        self.sender = sender
        self.text = text
        timestamp = seq >> 16
        versions = [text]
    }

    /// The message that it visibly answers.
    package var replyTo: String? { if case .reply(let original)? = link { original.mid } else { nil } }
}

/// The bytes of something that was uploaded.
package struct MaxMedia: Sendable {
    package let kind: String
    package let name: String
    package let mimeType: String
    package let bytes: [UInt8]
    /// How often it will not be ready yet.
    var notReady: Int
    /// Number of a picture.
    let number: Int64
}
