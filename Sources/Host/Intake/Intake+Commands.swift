import Basics
import SurfaceKit

extension Intake {
    /// Reads a command from the first word of `text`: `/name` or `!name`, in any case, also `/name@bot`.
    ///
    /// - Returns: `nil` for an ordinary message. `argument` is the rest, trimmed.
    static func command(in text: String) -> (command: ChatCommand, argument: String)? {
        guard let command = ChatCommand(leading: text) else { return nil }
        return (command, text.drop { !$0.isWhitespace }.trimmed())
    }

    /// Performs a command at once, also while a turn is running.
    mutating func perform(
        _ command: ChatCommand,
        _ argument: String,
        _ event: InboundEvent,
        _ conversation: ConversationRecord
    ) throws {
        switch command {
        case .start: try say(.greeting, in: conversation)
        case .help: try say(.help, in: conversation)
        case .new: try startAnew(event, conversation)
        case .stop: try stop(event, conversation)
        case .retry: try askAgain(event, conversation)
        case .why: try explain(conversation)
        case .context, .contexts, .save, .load, .rename, .delete, .reset:
            try manage(command, argument, event, conversation)
        case .files, .remove: try manageFiles(command, argument, event, conversation)
        case .link, .unlink: try manageLinks(command, argument, event, conversation)
        }
    }

    private mutating func startAnew(_ event: InboundEvent, _ conversation: ConversationRecord) throws {
        try endCurrentTurn(in: conversation)
        let context = try startContext(in: conversation, event)
        try say(.newContext(number: context), in: conversation)
    }

    private mutating func stop(_ event: InboundEvent, _ conversation: ConversationRecord) throws {
        let context = try context(of: conversation, event)
        guard let turn = try database.currentTurn(of: context) else { return try say(.nothingToStop, in: conversation) }
        try end(turn)
    }

    /// Ends the question of the conversation that is being asked, or is next.
    mutating func endCurrentTurn(in conversation: ConversationRecord) throws {
        // One that waits behind another chat's is asked in its turn.
        guard let turn = try database.currentTurn(in: conversation.id),
            try database.currentTurn(of: turn.context)?.id == turn.id
        else { return }
        try end(turn)
    }

    /// A question of which the agent has nothing yet is ended at once: its lane may not have begun, and would not hear.
    private mutating func end(_ turn: TurnRecord) throws {
        if turn.state == .waiting {
            try end(turn, as: .stopped)
            try say(.stoppedSilently, in: try database.conversation(turn.conversation))
        }
        then(.endTurn(turn.id, as: .stopped))
    }

    /// Asks the last question once more, as a new message; the earlier attempt leaves the transcript.
    private mutating func askAgain(_ event: InboundEvent, _ conversation: ConversationRecord) throws {
        guard case .message(let message) = event.content,
            let last = try database.lastTurn(in: conversation.id, of: context(of: conversation, event))
        else { return try say(.nothingToRetry, in: conversation) }
        guard last.state == .ended else { return try say(.stillAnswering, in: conversation) }
        try database.forgetTranscript(of: last.id, in: last.context)
        _ = try database.insertTurn(
            conversation: conversation.id,
            context: last.context,
            message: message.id,
            sender: event.sender.id,
            question: last.question,
            now: now
        )
        then(.ask(context: last.context))
    }

    private mutating func explain(_ conversation: ConversationRecord) throws {
        guard let turn = try database.lastTurn(in: conversation.id) else {
            return try say(.whyNothing, in: conversation)
        }
        let replies = try database.replies(to: turn.id)
        try say(.why(TurnStory(turn, replies: replies, now: now)), in: conversation)
    }
}
