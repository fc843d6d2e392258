import State
import SurfaceKit
import Words

extension Intake {
    /// Performs the commands that make several accounts one person.
    ///
    /// Only in private chats: in a group others would read the code.
    mutating func manageLinks(
        _ command: ChatCommand,
        _ argument: String,
        _ event: InboundEvent,
        _ conversation: ConversationRecord
    ) throws {
        guard conversation.kind == .direct else { return try say(.people(.linkOnlyInPrivate), in: conversation) }
        let account = Account(surface: rules.surface, person: event.sender.id)
        switch (command, argument.lowercased()) {
        case (.unlink, _):
            try say(.people(try state.unlink(account) ? .unlinked : .notLinked), in: conversation)
        case (_, ""):
            let code = try state.makeLinkCode(
                for: account,
                called: event.sender.name,
                in: conversation.id,
                now: now
            )
            try say(.people(.linkCode(code)), in: conversation)
        case (_, "yes"), (_, "да"): try confirmLink(of: account, event, conversation)
        default: try take(linkCode: argument, of: account, conversation)
        }
    }

    private mutating func take(
        linkCode: String,
        of account: Account,
        _ conversation: ConversationRecord
    ) throws {
        guard try state.linkGuesses(of: account, now: now) < LinkRecord.mostGuesses else {
            then(.suspect(account, .tooManyLinkCodes))
            return try say(.people(.linkGuessedTooOften), in: conversation)
        }
        guard let link = try state.takeLinkCode(linkCode, now: now) else {
            try state.noteLinkGuess(of: account, now: now)
            then(.suspect(account, .wrongLinkCode))
            return try say(.people(.linkCodeUnknown), in: conversation)
        }
        guard try state.owner(of: link.giver) != state.owner(of: account) else {
            return try say(.people(.linkedAlready), in: conversation)
        }
        try state.offerLink(link, to: account, now: now)
        try say(.people(.linkOffered(name: link.name, account: link.giver)), in: conversation)
    }

    private mutating func confirmLink(
        of account: Account,
        _ event: InboundEvent,
        _ conversation: ConversationRecord
    ) throws {
        guard let link = try state.takeLinkOffer(to: account, now: now) else {
            return try say(.people(.nothingToLink), in: conversation)
        }
        try state.link(link.giver, account)
        try say(.people(.linked(name: link.name, account: link.giver)), in: conversation)
        guard let other = try state.conversation(link.conversation) else { return }
        let name = event.sender.name.onOneLine
        try say(.people(.linkedFromElsewhere(name: name, account: account)), in: other)
    }
}
