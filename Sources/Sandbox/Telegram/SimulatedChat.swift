import Basics

/// Somebody with an account.
package struct SimulatedUser: Hashable, Sendable {
    package let id: Int64
    package let firstName: String
    package var username: String?
    package var language: String?

    package init(id: Int64, firstName: String, username: String? = nil, language: String? = "en") {
        self.id = id
        self.firstName = firstName
        self.username = username
        self.language = language
    }

    var json: JSONValue {
        var user = JSONObject()
        user["id"] = JSONValue(id)
        user["is_bot"] = false
        user["first_name"] = .string(firstName)
        user["username"] = username.map { .string($0) }
        user["language_code"] = language.map { .string($0) }
        return .object(user)
    }
}

/// A chat as the server keeps it.
struct SimulatedChat: Sendable {
    enum Kind: String, Sendable {
        case direct = "private"
        case group, supergroup
    }

    /// A preview that is not a message.
    struct Draft: Hashable, Sendable {
        let id: Int64
        let text: String
        let entities: [JSONValue]
        let expires: ContinuousClock.Instant
    }

    let id: Int64
    let kind: Kind
    let title: String
    let isForum: Bool
    var topics: [Int64: String] = [:]
    var messages: [SimulatedMessage] = []
    var lastMessage: Int64 = 0
    /// By topic; 0 is none.
    var drafts: [Int64: Draft] = [:]
    /// Every text that a draft has shown, in order.
    var draftTexts: [String] = []
    /// Until when the bot is shown as writing.
    var typing: ContinuousClock.Instant?
    /// Why the bot cannot write here; an error as the server says it.
    var closed: (code: Int, description: String)?
    var movedTo: Int64?

    init(id: Int64, kind: Kind, title: String, isForum: Bool = false) {
        self.id = id
        self.kind = kind
        self.title = title
        self.isForum = isForum
    }

    var json: JSONValue {
        var chat = JSONObject()
        chat["id"] = JSONValue(id)
        chat["type"] = .string(kind.rawValue)
        chat[kind == .direct ? "first_name" : "title"] = .string(title)
        if isForum { chat["is_forum"] = true }
        return .object(chat)
    }

    mutating func number() -> Int64 {
        lastMessage += 1
        return lastMessage
    }

    func index(of message: Int64) -> Int? { messages.firstIndex { $0.id == message && !$0.isDeleted } }
}

/// A message as it stands in a chat.
package struct SimulatedMessage: Hashable, Sendable {
    package struct Media: Hashable, Sendable {
        /// The field of `Message`: `photo`, `document` and so on.
        package var kind: String
        package var file: String
        package var name: String
        package var mimeType: String
        package var size: Int
    }

    package let id: Int64
    package let chat: Int64
    package let thread: Int64?
    package let fromBot: Bool
    /// Text or caption, as people see it.
    package var text: String
    package var entities: [String] = []
    package var media: Media?
    package var replyTo: Int64?
    /// Every text that it has had, the newest last.
    package var versions: [String] = []
    package var isDeleted = false
    /// As it is delivered, without what it replies to.
    package var json: JSONObject

    package init(
        id: Int64,
        chat: Int64,
        thread: Int64?,
        fromBot: Bool,
        text: String,
        replyTo: Int64?,
        json: JSONObject
    ) {
        self.id = id
        self.chat = chat
        self.thread = thread
        self.fromBot = fromBot
        self.text = text
        self.replyTo = replyTo
        self.json = json
        versions = [text]
    }
}
