import SurfaceKit

/// A messenger’s server: what people and the bot have said on it, and what the bot has not heard yet.
final class Messenger: @unchecked Sendable {
    struct Message {
        enum Author: Hashable {
            case bot
            case person(PersonID)
        }

        let id: MessageID
        let author: Author
        var text: String
        /// The content of a file.
        var file: String?
        var isDeleted = false
        /// The bot was told that it is gone.
        var isSaidGone = false
        var versions = 1
    }

    struct Style: Sendable, Hashable {
        let name: String
        let repetition: Capabilities.Repetition
        let drafts: Bool
        let limits: [RateLimit]
        let maximum: Int
    }

    let style: Style
    let id: SurfaceID
    private(set) var chats: [ChatID: [Message]] = [:]
    /// Everything that the bot is told, in order; its number in the stream is its place and one.
    private(set) var updates: [InboundEvent] = []
    /// Whether it takes no edit now, as if each message were gone.
    var refusesEdits = false
    /// What the host should have known better.
    var faults: [String] = []
    /// Attempts to fetch each file, and whether the last one was refused for good.
    var fetches: [String: (attempts: Int, isRefused: Bool)] = [:]
    /// Edits that were refused for good.
    private(set) var refusedEdits: [ChatID: Int] = [:]
    private var operations: [OperationID: MessageID] = [:]
    private var lastMessage = 0
    private var listeners: [@Sendable () -> Void] = []
    private let trace: Trace

    init(_ style: Style, trace: Trace) {
        self.style = style
        id = SurfaceID(style.name)
        self.trace = trace
    }

    // MARK: People

    func newMessage(of person: PersonID, _ text: String, in chat: ChatID) -> MessageID {
        append(Message(id: nextID(), author: .person(person), text: text), to: chat)
    }

    func tell(_ event: InboundEvent) {
        updates.append(event)
        let waiting = listeners
        listeners = []
        for listener in waiting { listener() }
    }

    /// Calls `action` once when there is more to hear.
    func onNews(_ action: @escaping @Sendable () -> Void) { listeners.append(action) }

    // MARK: The bot

    /// Makes a message; one whose operation is known is the same again where the messenger knows operations.
    func send(_ text: String, file: String?, in chat: ChatID, as operation: OperationID) -> MessageID {
        if style.repetition == .harmless, let known = operations[operation] { return known }
        let id = append(Message(id: nextID(), author: .bot, text: text, file: file), to: chat)
        operations[operation] = id
        trace.note("\(self.id) \(chat) bot says \(id) \(text.shortened)")
        return id
    }

    /// Whether a send is a repetition that the messenger recognises.
    func knows(_ operation: OperationID) -> Bool {
        style.repetition == .harmless && operations[operation] != nil
    }

    /// False when there is no such message.
    func edit(_ message: MessageID, _ text: String, in chat: ChatID) -> Bool {
        guard let index = chats[chat]?.firstIndex(where: { $0.id == message && !$0.isDeleted }) else { return false }
        guard !refusesEdits else {
            chats[chat]?[index].isSaidGone = true
            noteRefusedEdit(in: chat)
            return false
        }
        chats[chat]?[index].isSaidGone = false
        guard chats[chat]?[index].text != text else { return true }
        chats[chat]?[index].text = text
        chats[chat]?[index].versions += 1
        trace.note("\(id) \(chat) bot edits \(message) \(text.shortened)")
        return true
    }

    func noteRefusedEdit(in chat: ChatID) { refusedEdits[chat, default: 0] += 1 }

    func delete(_ message: MessageID, in chat: ChatID) {
        guard let index = chats[chat]?.firstIndex(where: { $0.id == message }) else { return }
        chats[chat]?[index].isDeleted = true
        trace.note("\(id) \(chat) deleted \(message)")
    }

    /// What people see of the bot in a chat, oldest first.
    func shown(in chat: ChatID) -> [Message] { (chats[chat] ?? []).filter { $0.author == .bot && !$0.isDeleted } }

    /// The names of the messages that come next, whoever says them.
    func nextMessages(_ count: Int) -> [MessageID] { (1...count).map { MessageID("m\(lastMessage + $0)") } }

    private func nextID() -> MessageID {
        lastMessage += 1
        return MessageID("m\(lastMessage)")
    }

    private func append(_ message: Message, to chat: ChatID) -> MessageID {
        chats[chat, default: []].append(message)
        return message.id
    }
}

extension String {
    /// On one line, for the trace.
    var shortened: String {
        let line = split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "⏎")
        return line.count <= 90 ? "“\(line)”" : "“\(line.prefix(50))…\(line.suffix(30))” (\(line.count))"
    }
}
