import Basics
import SurfaceKit

/// Reads what a sync says of one room that the bot is in.
struct RoomReader {
    let id: String
    let isNew: Bool
    let mention: BotMention
    var room: Room
    private(set) var drafts: [InboundDraft] = []
    private var names: [String: String] = [:]
    /// When the bot came in, as its server claims.
    private var joinedAt: Int64?
    private var departed: MatrixEvent?
    /// People whose messages could not be read; one event for each and sync is enough.
    private var unread: Set<String> = []

    init(id: String, known: Room?, mention: BotMention) {
        self.id = id
        self.mention = mention
        isNew = known == nil
        room = known ?? Room()
    }

    mutating func read(_ joined: SyncResponse.Joined) {
        if let count = joined.joinedCount { room.joinedCount = count }
        if let count = joined.invitedCount { room.invitedCount = count }
        for event in joined.state { readState(event) }
        for event in joined.timeline where event.type == "m.room.member" { readName(event) }
        let start = firstNews(in: joined.timeline)
        for (index, event) in joined.timeline.enumerated() {
            if event.stateKey != nil { readState(event) }
            if index >= start, isAddressedToUs(event) { readMessage(event) }
        }
    }

    /// Says that the bot leaves because nobody else is left; `nil` for a room that the host never heard of.
    func departure(at next: String) -> InboundDraft? {
        guard !isNew else { return nil }
        let sender = departed?.sender ?? mention.user
        return InboundDraft(
            InboundEvent(
                id: EventID(departed?.id ?? "deserted/\(id)/\(next)"),
                conversation: ConversationAddress(chat: ChatID(id)),
                chatKind: room.kind,
                sender: Sender(id: PersonID(sender), name: names[sender] ?? sender),
                content: .left,
                sentAt: departed?.timestamp
            )
        )
    }

    // MARK: - State

    private mutating func readState(_ event: MatrixEvent) {
        switch event.type {
        case "m.room.encryption": room.isEncrypted = true
        case "m.room.tombstone":
            guard let successor = event.content["replacement_room"]?.string, !successor.isEmpty else { return }
            room.successor = Room.Successor(room: successor, announcedBy: event.sender)
        case "m.room.member":
            readName(event)
            if event.stateKey == mention.user {
                readOwn(event)
            } else if event.membership == .leave || event.membership == .ban {
                departed = event
            }
        default: break
        }
    }

    private mutating func readOwn(_ event: MatrixEvent) {
        if event.content["is_direct"]?.bool ?? event.previousContent?["is_direct"]?.bool ?? false {
            room.isDirect = true
        }
        if event.membership == .join { joinedAt = event.timestamp }
    }

    private mutating func readName(_ event: MatrixEvent) {
        guard let person = event.stateKey, let name = event.content["displayname"]?.string, !name.isEmpty else {
            return
        }
        names[person] = name
    }

    // MARK: - Messages

    /// Where in the timeline of a room that was just joined the news begins: after the invitation.
    ///
    /// What was said since is meant for the bot, also what came before it joined: people write while they invite.
    private func firstNews(in timeline: [MatrixEvent]) -> Int {
        let change = timeline.lastIndex { $0.isMembership(of: mention.user) && $0.membership != .join }
        guard isNew, let change else { return 0 }
        return change + 1
    }

    private func isAddressedToUs(_ event: MatrixEvent) -> Bool {
        guard event.sender != mention.user else { return false }
        switch event.ownMembership {
        case .join, .invite: return true
        case .leave, .ban, .knock: return false
        case nil:
            // A homeserver that does not tell: then by the clocks of the servers, and only where it matters.
            guard isNew, let joinedAt, let timestamp = event.timestamp else { return true }
            return room.isDirect || timestamp >= joinedAt
        }
    }

    private mutating func readMessage(_ event: MatrixEvent) {
        guard let id = event.id else { return }
        switch event.type {
        case "m.room.encrypted": reportUnreadable(event, id)
        case "m.room.message", "m.sticker":
            // No answer could be given here that is not read by others.
            if room.isEncrypted { reportUnreadable(event, id) } else { readPlain(event, id) }
        case "m.room.redaction":
            guard let withdrawn = event.content["redacts"]?.string ?? event.redacts else { return }
            add(.deleted(MessageID(withdrawn)), event, id)
        default: break
        }
    }

    private mutating func readPlain(_ event: MatrixEvent, _ id: String) {
        let relation = MessageRelation(event.content["m.relates_to"])
        if let original = relation.replaced {
            guard let content = event.content["m.new_content"],
                let reading = MessageReading(content, type: event.type, mention: mention)
            else { return }
            add(.edited(MessageID(original), text: reading.text), event, id, thread: reading.relation.thread)
        } else if let reading = MessageReading(event, mention: mention) {
            let message = InboundMessage(
                id: MessageID(id),
                text: reading.text,
                files: reading.files,
                addressed: room.kind == .direct || reading.isAddressed,
                isQuestion: reading.isQuestion
            )
            add(
                .message(message),
                event,
                id,
                thread: relation.thread,
                reply: relation.reply,
                fallback: reading.fallback
            )
        }
    }

    private mutating func reportUnreadable(_ event: MatrixEvent, _ id: String) {
        guard unread.insert(event.sender).inserted else { return }
        // How messages belong together is not encrypted.
        let relation = MessageRelation(event.content["m.relates_to"])
        add(.unreadable(.encrypted), event, id, thread: relation.thread)
    }

    private mutating func add(
        _ content: InboundEvent.Content,
        _ event: MatrixEvent,
        _ id: String,
        thread: String? = nil,
        reply: String? = nil,
        fallback: ReplyFallback? = nil
    ) {
        let inbound = InboundEvent(
            id: EventID(id),
            conversation: ConversationAddress(chat: ChatID(self.id), thread: thread.map { ThreadID($0) }),
            chatKind: room.kind,
            sender: Sender(id: PersonID(event.sender), name: names[event.sender] ?? event.sender),
            content: content,
            sentAt: event.timestamp
        )
        drafts.append(InboundDraft(inbound, reply: reply, fallback: fallback))
    }
}
