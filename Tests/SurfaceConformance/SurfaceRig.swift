import SurfaceKit

/// A surface wired to a messenger that the test controls: a simulator or a real server.
///
/// Each clause gets a rig of its own, with a bot account and a person who are alone with each other in a direct chat.
package protocol SurfaceRig: Sendable {
    associatedtype Adapter: Surface

    /// The bot's account, as the messenger knows it.
    var bot: PersonID { get }
    var person: PersonID { get }
    /// The direct chat of the two.
    var conversation: ConversationAddress { get }
    /// What the host keeps for the surface.
    var state: MemoryState { get }
    /// The clauses about what this messenger does not have at all, each with the reason: they are not asked.
    var lacks: [SurfaceClause: String] { get }

    /// The surface as a start of the host makes it; a second one is what a restart makes.
    func makeSurface() -> Adapter

    /// Has the person write in the chat.
    @discardableResult
    func say(_ text: String) async throws -> MessageID

    /// Has the person send a file, with a caption if not `nil`.
    func send(_ file: SampleFile, caption: String?) async throws

    /// Has the person change a message.
    func change(_ message: MessageID, to text: String) async throws

    /// Has the person withdraw a message.
    func withdraw(_ message: MessageID) async throws

    /// Has the person write in a thread or topic, and says where that is; `nil` where the messenger has none.
    func sayInThread(_ text: String) async throws -> ConversationAddress?

    /// What the person sees of the bot's messages now, oldest first.
    func transcript() async throws -> [ShownMessage]

    /// Makes the messenger answer what the bot does next with a failure of this sort.
    func fail(with failure: MessengerFailure) async throws
}

extension SurfaceRig {
    package var lacks: [SurfaceClause: String] { [:] }
}

/// How a messenger can fail.
package enum MessengerFailure: String, Sendable, CaseIterable {
    /// It allows no more messages for now.
    case overloaded
    /// The bot's credentials have been withdrawn.
    case badCredentials
    /// The bot is no longer in the chat.
    case removed
}

/// A file that a person sends.
package struct SampleFile: Hashable, Sendable {
    package let name: String
    package let mimeType: String
    package let kind: FileKind
    package let bytes: [UInt8]

    package init(name: String, mimeType: String, kind: FileKind, bytes: [UInt8]) {
        self.name = name
        self.mimeType = mimeType
        self.kind = kind
        self.bytes = bytes
    }
}

/// A message of the bot, as a person sees it.
package struct ShownMessage: Hashable, Sendable {
    package let id: MessageID
    package let conversation: ConversationAddress
    /// Its newest version, as characters; Markdown may have become formatting.
    package let text: String
    package let file: [UInt8]?
    /// The message that it visibly answers.
    package let replyTo: MessageID?

    package init(
        id: MessageID,
        conversation: ConversationAddress,
        text: String,
        file: [UInt8]? = nil,
        replyTo: MessageID? = nil
    ) {
        self.id = id
        self.conversation = conversation
        self.text = text
        self.file = file
        self.replyTo = replyTo
    }
}
