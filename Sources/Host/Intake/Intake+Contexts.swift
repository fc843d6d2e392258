import Basics
import SurfaceKit

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
        case .contexts: try list(owner, current, conversation)
        case .save, .rename: try name(current, argument, owner, command, conversation)
        case .load: try load(argument, owner, current, conversation)
        case .delete: try delete(argument, owner, conversation)
        case .reset: try reset(current, conversation)
        default: try describe(current, conversation)
        }
    }

    private mutating func describe(_ id: Int64, _ conversation: ConversationRecord) throws {
        guard let context = try database.context(id) else { return }
        let size = try database.transcriptSize(of: id)
        let facts = ContextFacts(
            number: id,
            name: context.name,
            messages: size.messages,
            bytes: size.bytes,
            surface: context.surface.rawValue,
            chats: try database.chatsOnContext(id)
        )
        try say(.contextDescription(facts), in: conversation)
    }

    private mutating func list(_ owner: ContextOwner, _ current: Int64, _ conversation: ConversationRecord) throws {
        let lines = try database.contexts(of: owner).map { context in
            ContextLine(
                context: context.called,
                messages: try database.transcriptSize(of: context.id).messages,
                isCurrent: context.id == current
            )
        }
        try say(.contextList(lines), in: conversation)
    }

    private mutating func name(
        _ current: Int64,
        _ argument: String,
        _ owner: ContextOwner,
        _ command: ChatCommand,
        _ conversation: ConversationRecord
    ) throws {
        guard !argument.isEmpty else { return try say(.argumentMissing(command), in: conversation) }
        guard ContextRecord.isFit(name: argument) else { return try say(.nameUnfit, in: conversation) }
        let holder = try database.contexts(of: owner).first { $0.isCalled(argument) }
        guard holder == nil || holder?.id == current else { return try say(.nameTaken(argument), in: conversation) }
        try database.setName(argument, of: current)
        try say(.contextNamed(argument), in: conversation)
    }

    private mutating func load(
        _ argument: String,
        _ owner: ContextOwner,
        _ current: Int64,
        _ conversation: ConversationRecord
    ) throws {
        guard !argument.isEmpty else { return try say(.argumentMissing(.load), in: conversation) }
        guard let wanted = try database.contexts(of: owner).first(where: { $0.isMeant(by: argument) }) else {
            return try say(.noSuchContext(argument), in: conversation)
        }
        guard wanted.id != current else { return try say(.contextIsCurrent(wanted.called), in: conversation) }
        try endCurrentTurn(in: conversation)
        try database.setContext(wanted.id, of: conversation.id)
        try say(.contextLoaded(wanted.called), in: conversation)
    }

    private mutating func delete(
        _ argument: String,
        _ owner: ContextOwner,
        _ conversation: ConversationRecord
    ) throws {
        guard !argument.isEmpty else { return try say(.argumentMissing(.delete), in: conversation) }
        guard let wanted = try database.contexts(of: owner).first(where: { $0.isMeant(by: argument) }) else {
            return try say(.noSuchContext(argument), in: conversation)
        }
        if try database.isInUse(wanted.id) {
            try replace(wanted, name: nil)
        } else {
            try database.forgetContext(wanted.id)
        }
        try say(.contextDeleted(wanted.called), in: conversation)
    }

    private mutating func reset(_ current: Int64, _ conversation: ConversationRecord) throws {
        guard let context = try database.context(current) else { return }
        let successor = try replace(context, name: context.name)
        try say(.contextReset(number: successor), in: conversation)
    }

    /// Forgets a context for good.
    ///
    /// The chats that were on it, and what waits in it, go on in an empty one.
    @discardableResult
    private mutating func replace(_ context: ContextRecord, name: String?) throws -> Int64 {
        then(.end(context: context.id, as: .stopped))
        let successor = try database.makeContext(
            owner: context.owner,
            origin: context.origin,
            surface: rules.surface,
            now: now
        )
        try database.forgetContext(context.id, successor: successor)
        if let name { try database.setName(name, of: successor) }
        then(.ask(context: successor))
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
        let staged = try database.staged(conversation: conversation.id, person: event.sender.id, since: since)
        guard command == .remove else { return try say(.fileList(staged.map(\.file.name)), in: conversation) }
        guard !argument.isEmpty else { return try say(.argumentMissing(.remove), in: conversation) }
        if argument.lowercased() == "all" {
            try database.clearStaged(conversation: conversation.id, person: event.sender.id)
            return try say(.filesRemoved(count: staged.count), in: conversation)
        }
        guard let number = Int(argument), number >= 1, number <= staged.count else {
            return try say(.noSuchFile, in: conversation)
        }
        try database.unstage(staged[number - 1].id)
        try say(.filesRemoved(count: 1), in: conversation)
    }
}

extension ContextRecord {
    var called: ContextName { ContextName(number: id, name: name) }

    /// Whether people call it `name`: names are compared without case.
    func isCalled(_ name: String) -> Bool { self.name?.lowercased() == name.lowercased() }

    /// Whether `word` is its name or its number.
    func isMeant(by word: String) -> Bool { isCalled(word) || String(id) == word }

    private static let longestName = 64

    /// `name` with the smallest number from 2 behind it that makes it none of `names`.
    static func freeName(like name: String, among names: [String]) -> String {
        let taken = Set(names.map { $0.lowercased() })
        var number = 2
        while true {
            let suffix = " (\(number))"
            let candidate = name.prefix(longestName - suffix.count) + suffix
            if !taken.contains(candidate.lowercased()) { return String(candidate) }
            number += 1
        }
    }

    /// 1 to 64 characters, not only digits: those are numbers.
    static func isFit(name: String) -> Bool {
        (1...longestName).contains(name.count) && !name.allSatisfy(\.isNumber) && !name.contains(where: \.isNewline)
    }
}
