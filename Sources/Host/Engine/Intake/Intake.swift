import Basics
import Metrics
import Settings
import State
import SurfaceKit
import Words

/// Turns accepted events into turns, replies and changes, inside the transaction that stores them.
///
/// So an event is either unknown or wholly taken; what must happen besides is returned as ``Consequence``s.
package struct Intake {
    /// What is to be done after the transaction is committed.
    package enum Consequence: Hashable, Sendable {
        /// A person’s message was taken.
        case accepted(AcceptedMessage)
        /// A question waits in this conversation.
        case ask(ConversationID)
        /// A message waits to be delivered in this conversation.
        case deliver(ConversationID)
        /// The running turn of the context ends.
        case end(context: ContextID, as: TurnRecord.Ending)
        /// The running turn of the conversation ends.
        case endIn(conversation: ConversationID, as: TurnRecord.Ending)
        /// This turn ends, if it runs.
        case endTurn(TurnID, as: TurnRecord.Ending)
        /// A question that waited in this context has ended: another may be next.
        case freed(ContextID)
        /// A person’s message was taken: show that it was seen.
        case seen(MessageID, in: ConversationAddress)
        /// An account did what an operator should know.
        case suspect(Account, Suspicion)
        /// An event could not be taken and is kept for the operator.
        case setAside(EventID, reason: String)
        /// A row of the state could not be read: what hung on it has ended.
        case damaged(DamagedRow, reason: String)
    }

    /// What looks like guessing.
    package enum Suspicion: Hashable, Sendable {
        case wrongLinkCode
        /// None is taken from this account for a while.
        case tooManyLinkCodes
    }

    let rules: IntakeRules
    let state: any StateChanging
    let now: Timestamp
    private(set) var consequences: [Consequence] = []
    var tally = IntakeTally()

    init(rules: IntakeRules, state: any StateChanging, now: Timestamp) {
        self.rules = rules
        self.state = state
        self.now = now
    }

    /// Takes one event, unless it was taken before.
    ///
    /// A stranger’s event leaves no trace but a code that is given.
    mutating func take(_ event: InboundEvent) throws {
        guard try isAdmitted(event) else { return try takeStranger(event) }
        guard try state.takeEvent(event.id, of: rules.surface, now: now) else {
            tally.duplicates += 1
            return
        }
        switch event.content {
        case .message(let message): try take(message, event)
        case .edited(let message, let text): try takeEdit(of: message, text: text, event)
        case .deleted(let message): try takeDeletion(of: message, event)
        case .started: try reply(.greeting, event)
        case .left: try takeLeave(event)
        case .moved(let chat): try takeMove(to: chat, event)
        case .unreadable: try takeUnreadable(event)
        case .stopRequested(let draft): try takeStop(of: draft, event)
        }
    }

    private mutating func take(_ message: InboundMessage, _ event: InboundEvent) throws {
        let relevance = rules.relevance(of: message, in: event.chatKind)
        if case .nothing = relevance { return }
        tally.accepted += 1
        let conversation = try conversation(of: event)
        try sayThatSomethingWasLost(in: conversation)
        consequences.append(.seen(message.id, in: event.conversation))
        var accepted = AcceptedMessage(event: event.id, conversation: conversation.id)
        defer { consequences.append(.accepted(accepted)) }
        switch relevance {
        case .nothing: break
        case .command(let command, let argument): try perform(command, argument, event, conversation)
        case .bareFile: try stage(message, event, conversation)
        case .question where message.text.isEmpty && message.files.isEmpty && message.quote == nil:
            try say(.greeting, in: conversation)
        case .question: try ask(message, event, conversation, &accepted)
        }
    }

    // MARK: Questions

    private mutating func ask(
        _ message: InboundMessage,
        _ event: InboundEvent,
        _ conversation: ConversationRecord,
        _ accepted: inout AcceptedMessage
    ) throws {
        let since = now - rules.attachments.keep
        let staged = try state.staged(conversation: conversation.id, person: event.sender.id, since: since)
        let files = staged.map(\.file) + message.files + (message.quote?.files ?? [])
        if let refusal = refusal(of: files) { return try say(.notice(refusal), in: conversation) }
        try state.clearStaged(conversation: conversation.id, person: event.sender.id)
        let question = Question(
            text: message.text,
            files: files,
            quote: message.quote,
            speaker: event.chatKind == .group ? event.sender.name : nil
        )
        let context = try context(of: conversation, event)
        accepted.context = context
        accepted.turn = try state.addTurn(
            in: conversation.id,
            of: context,
            message: message.id,
            sender: event.sender.id,
            question: question,
            now: now
        )
        consequences.append(.ask(conversation.id))
    }

    private func refusal(of files: [InboundFile]) -> Notice? {
        if files.count > rules.attachments.maxCount { return .tooManyFiles(limit: rules.attachments.maxCount) }
        return files.first { ($0.size ?? 0) > rules.attachments.maxBytes }
            .map { .fileTooLarge(name: $0.name, limit: rules.attachments.maxBytes) }
    }

    private mutating func stage(
        _ message: InboundMessage,
        _ event: InboundEvent,
        _ conversation: ConversationRecord
    ) throws {
        let since = now - rules.attachments.keep
        let staged = try state.staged(conversation: conversation.id, person: event.sender.id, since: since)
        if let refusal = refusal(of: staged.map(\.file) + message.files) {
            return try say(.notice(refusal), in: conversation)
        }
        try state.stage(message, in: conversation.id, person: event.sender.id, now: now)
        // One notice for an album, whose files come as several messages.
        if let album = message.album, staged.contains(where: { $0.album == album }) { return }
        try say(.filesStaged(count: staged.count + message.files.count), in: conversation)
    }

    private mutating func takeEdit(of message: MessageID, text: String, _ event: InboundEvent) throws {
        for conversation in try state.conversations(of: event.conversation.chat, on: rules.surface) {
            guard let turn = try state.turn(of: message, in: conversation.id), turn.state == .waiting,
                turn.sender == event.sender.id
            else { continue }
            var question = turn.question
            question.text = text
            try state.setQuestion(question, of: turn.id)
        }
    }

    private mutating func takeDeletion(of message: MessageID, _ event: InboundEvent) throws {
        for conversation in try state.conversations(of: event.conversation.chat, on: rules.surface) {
            try state.unstage(message, in: conversation.id)
            guard let turn = try state.turn(of: message, in: conversation.id), turn.state != .ended else { continue }
            if turn.state == .waiting { try end(turn, as: .withdrawn) }
            consequences += [.endTurn(turn.id, as: .withdrawn), .freed(turn.context)]
        }
    }

    /// The button belongs to one answer: one that has ended meanwhile has nothing to stop.
    private mutating func takeStop(of draft: DraftID, _ event: InboundEvent) throws {
        for conversation in try state.conversations(of: event.conversation.chat, on: rules.surface) {
            guard let turn = try state.currentTurn(in: conversation.id), DraftID(turn.id) == draft else { continue }
            consequences.append(.endTurn(turn.id, as: .stopped))
        }
    }

    // MARK: Chats

    private mutating func takeLeave(_ event: InboundEvent) throws {
        for conversation in try state.conversations(of: event.conversation.chat, on: rules.surface) {
            let ended = try state.endWaitingTurns(in: conversation.id, as: .gone, now: now)
            tally.endings += Array(repeating: .gone, count: ended)
            _ = try state.dropPosts(in: conversation.id, now: now)
            consequences.append(.endIn(conversation: conversation.id, as: .gone))
        }
    }

    /// What waits and what is owed goes on in the other chat.
    private mutating func takeMove(to chat: ChatID, _ event: InboundEvent) throws {
        try state.moveChat(event.conversation.chat, to: chat, on: rules.surface)
        for conversation in try state.conversations(of: chat, on: rules.surface) {
            consequences += [.ask(conversation.id), .deliver(conversation.id)]
        }
    }

    mutating func takeUnreadable(_ event: InboundEvent) throws {
        let conversation = try conversation(of: event)
        guard !conversation.toldUnreadable else { return }
        try state.setToldUnreadable(conversation.id)
        try say(.notice(.encryptedRoom), in: conversation, isPublic: true)
    }

    /// What could not be delivered for too long leaves one line when the chat works again.
    private mutating func sayThatSomethingWasLost(in conversation: ConversationRecord) throws {
        guard conversation.hasUndelivered else { return }
        try state.setUndelivered(false, in: conversation.id)
        try say(.notice(.messagesLost), in: conversation)
    }

    // MARK: What commands need

    func conversation(of event: InboundEvent) throws -> ConversationRecord {
        try state.conversation(
            on: rules.surface,
            at: event.conversation,
            kind: event.chatKind,
            language: event.sender.language
        )
    }

    /// The context that the conversation is on; a new one when it has none, when its context was deleted, or when that
    /// belongs to somebody else: the account was unlinked, or the private chat has become a group.
    func context(of conversation: ConversationRecord, _ event: InboundEvent) throws -> ContextID {
        if let current = conversation.context, let context = try state.context(current),
            context.owner == (try owner(of: conversation, event))
        {
            return current
        }
        return try startContext(in: conversation, event)
    }

    /// Who owns what is begun here: the person, in a group the group.
    func owner(of conversation: ConversationRecord, _ event: InboundEvent) throws -> ContextOwner {
        switch conversation.kind {
        case .direct: try state.owner(of: Account(surface: rules.surface, person: event.sender.id))
        case .group: .group(conversation.address.chat, on: rules.surface)
        }
    }

    func startContext(in conversation: ConversationRecord, _ event: InboundEvent) throws -> ContextID {
        let owner = try owner(of: conversation, event)
        let origin =
            conversation.kind == .direct ? ContextOwner.person(event.sender.id, on: rules.surface) : owner
        let context = try state.makeContext(owner: owner, origin: origin, surface: rules.surface, now: now)
        try state.setContext(context, of: conversation.id)
        return context
    }

    private mutating func reply(_ phrase: Phrase, _ event: InboundEvent) throws {
        try say(phrase, in: try conversation(of: event))
    }

    mutating func say(_ phrase: Phrase, in conversation: ConversationRecord, isPublic: Bool = false) throws {
        for text in rules.messages(phrase, in: conversation, isPublic: isPublic) {
            let isRepeatable = phrase.isHarmlessTwice
            try state.owe(
                NewPost(.text(text), in: conversation.id, isUrgent: true, isRepeatable: isRepeatable),
                now: now
            )
        }
        consequences.append(.deliver(conversation.id))
    }

    /// Ends a question of which the agent has nothing.
    mutating func end(_ turn: TurnRecord, as ending: TurnRecord.Ending) throws {
        try state.endTurn(turn.id, as: ending, now: now)
        tally.endings.append(ending)
    }

    mutating func then(_ consequence: Consequence) { consequences.append(consequence) }
}
