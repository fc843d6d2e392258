import Basics
import Settings
import State
import SurfaceKit
import Words

extension Intake {
    /// Performs the commands that manage contexts.
    ///
    /// A context is reached by its owner only.
    mutating func manage(
        _ command: ChatCommand,
        _ argument: String,
        _ event: InboundEvent,
        _ conversation: ConversationRecord
    ) throws {
        let current = try context(of: conversation, event)
        let owner = try owner(of: conversation, event)
        switch command {
        case .contexts: try list(owner, current, event.sender.id, conversation)
        case .save, .rename: try name(current, argument, owner, command, conversation)
        case .load: try load(argument, owner, current, event.sender.id, conversation)
        case .delete: try delete(argument, owner, event.sender.id, conversation)
        case .reset: try reset(current, conversation)
        default: try describe(current, conversation)
        }
    }

    private mutating func describe(_ id: ContextID, _ conversation: ConversationRecord) throws {
        guard let context = try state.context(id) else { return }
        let size = try state.transcriptSize(of: id)
        let facts = ContextFacts(
            number: id.number,
            name: context.name,
            messages: size.messages,
            bytes: size.bytes,
            surface: context.surface.rawValue,
            chats: try state.chatsOnContext(id)
        )
        try say(.contextDescription(facts), in: conversation)
    }

    private mutating func list(
        _ owner: ContextOwner,
        _ current: ContextID,
        _ person: PersonID,
        _ conversation: ConversationRecord
    ) throws {
        let contexts = try state.contexts(of: owner)
        let listed = contexts.prefix(Phrase.longestList)
        let lines = try listed.map { context in
            ContextLine(
                context: context.called,
                messages: try state.transcriptSize(of: context.id).messages,
                isCurrent: context.id == current
            )
        }
        try state.noteList(of: listed.map(\.id), shownTo: person, in: conversation.id)
        try say(.contextList(lines, more: contexts.count - listed.count), in: conversation)
    }

    private mutating func name(
        _ current: ContextID,
        _ argument: String,
        _ owner: ContextOwner,
        _ command: ChatCommand,
        _ conversation: ConversationRecord
    ) throws {
        guard !argument.isEmpty else { return try say(.argumentMissing(command), in: conversation) }
        guard ContextRecord.isFit(name: argument) else { return try say(.nameUnfit, in: conversation) }
        let holder = try state.contexts(of: owner).first { $0.isCalled(argument) }
        guard holder == nil || holder?.id == current else { return try say(.nameTaken(argument), in: conversation) }
        try state.setName(argument, of: current)
        try say(.contextNamed(argument), in: conversation)
    }

    private mutating func load(
        _ argument: String,
        _ owner: ContextOwner,
        _ current: ContextID,
        _ person: PersonID,
        _ conversation: ConversationRecord
    ) throws {
        guard !argument.isEmpty else { return try say(.argumentMissing(.load), in: conversation) }
        guard let wanted = try wanted(argument, owner, person, conversation) else {
            return try say(.noSuchContext(argument), in: conversation)
        }
        guard wanted.id != current else { return try say(.contextIsCurrent(wanted.called), in: conversation) }
        try endCurrentTurn(in: conversation)
        try state.setContext(wanted.id, of: conversation.id)
        try say(.contextLoaded(wanted.called), in: conversation)
    }

    private mutating func delete(
        _ argument: String,
        _ owner: ContextOwner,
        _ person: PersonID,
        _ conversation: ConversationRecord
    ) throws {
        guard !argument.isEmpty else { return try say(.argumentMissing(.delete), in: conversation) }
        guard let wanted = try wanted(argument, owner, person, conversation) else {
            return try say(.noSuchContext(argument), in: conversation)
        }
        if try state.isInUse(wanted.id) {
            try replace(wanted, name: nil)
        } else {
            try state.forgetContext(wanted.id)
        }
        try say(.contextDeleted(wanted.called), in: conversation)
    }

    /// The context of `owner` that `word` means: by its name, its number, or its position in the last list that the
    /// person was shown here.
    private func wanted(
        _ word: String,
        _ owner: ContextOwner,
        _ person: PersonID,
        _ conversation: ConversationRecord
    ) throws -> ContextRecord? {
        let contexts = try state.contexts(of: owner)
        if let meant = contexts.first(where: { $0.isMeant(by: word) }) { return meant }
        guard let index = Self.index(ofPosition: word) else { return nil }
        let shown = try state.shownList(to: person, in: conversation.id)
        guard shown.indices.contains(index) else { return nil }
        return contexts.first { $0.id == shown[index] }
    }

    /// Of a position from 1 to 99.
    static func index(ofPosition word: String) -> Int? {
        guard (1...2).contains(word.utf8.count), word.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let position = Int(word), position > 0
        else { return nil }
        return position - 1
    }

    private mutating func reset(_ current: ContextID, _ conversation: ConversationRecord) throws {
        guard let context = try state.context(current) else { return }
        // A question that is not with the agent yet is part of what is forgotten.
        try endCurrentTurn(in: conversation)
        let successor = try replace(context, name: context.name)
        try say(.contextReset(number: successor.number), in: conversation)
    }

    /// Forgets a context for good.
    ///
    /// The chats that were on it, and what waits in it, go on in an empty one.
    @discardableResult
    private mutating func replace(_ context: ContextRecord, name: String?) throws -> ContextID {
        then(.end(context: context.id, as: .stopped))
        let successor = try state.makeContext(
            owner: context.owner,
            origin: context.origin,
            surface: rules.surface,
            now: now
        )
        try state.forgetContext(context.id, successor: successor)
        if let name { try state.setName(name, of: successor) }
        then(.freed(context.id))
        return successor
    }

    // MARK: Staged files

    mutating func manageFiles(
        _ command: ChatCommand,
        _ argument: String,
        _ event: InboundEvent,
        _ conversation: ConversationRecord
    ) throws {
        let since = now - rules.attachments.keep
        let staged = try state.staged(conversation: conversation.id, person: event.sender.id, since: since)
        guard command == .remove else { return try say(.fileList(staged.map(\.file.name)), in: conversation) }
        guard !argument.isEmpty else { return try say(.argumentMissing(.remove), in: conversation) }
        if argument.lowercased() == "all" {
            try state.clearStaged(conversation: conversation.id, person: event.sender.id)
            return try say(.filesRemoved(count: staged.count), in: conversation)
        }
        guard let number = Int(argument), number >= 1, number <= staged.count else {
            return try say(.noSuchFile, in: conversation)
        }
        try state.unstage(staged[number - 1].id)
        try say(.filesRemoved(count: 1), in: conversation)
    }
}

extension ContextRecord {
    var called: ContextName { ContextName(number: id.number, name: name) }
}
