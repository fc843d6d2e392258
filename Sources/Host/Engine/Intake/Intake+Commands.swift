import Basics
import State
import SurfaceKit
import Words

extension Intake {
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
        try say(.newContext(number: context.number), in: conversation)
    }

    private mutating func stop(_ event: InboundEvent, _ conversation: ConversationRecord) throws {
        let context = try context(of: conversation, event)
        if let turn = try state.currentTurn(of: context) { return try end(turn) }
        let pages = try state.dropUnsentPages(in: conversation.id, now: now)
        try say(pages > 0 ? .restDropped(messages: pages) : .nothingToStop, in: conversation)
    }

    /// Ends the question of the conversation that is being asked, or is next.
    mutating func endCurrentTurn(in conversation: ConversationRecord) throws {
        // The rest of an older answer would follow what the command says.
        _ = try state.dropUnsentPages(in: conversation.id, now: now)
        // One that waits behind another chat's is asked in its turn.
        guard let turn = try state.currentTurn(in: conversation.id),
            try state.currentTurn(of: turn.context)?.id == turn.id
        else { return }
        try end(turn)
    }

    /// A question of which the agent has nothing yet is ended at once: its lane may not have begun, and would not hear.
    private mutating func end(_ turn: TurnRecord) throws {
        if turn.state == .waiting {
            try end(turn, as: .stopped)
            if let chat = try state.conversation(turn.conversation) { try say(.stoppedSilently, in: chat) }
        }
        then(.endTurn(turn.id, as: .stopped))
        then(.freed(turn.context))
    }

    /// Asks the last question once more, as a new message; the earlier attempt leaves the transcript.
    private mutating func askAgain(_ event: InboundEvent, _ conversation: ConversationRecord) throws {
        guard case .message(let message) = event.content,
            let last = try state.lastTurn(in: conversation.id, of: context(of: conversation, event))
        else { return try say(.nothingToRetry, in: conversation) }
        guard last.state == .ended else { return try say(.stillAnswering, in: conversation) }
        try state.forgetTranscript(of: last.id, in: last.context)
        _ = try state.addTurn(
            in: conversation.id,
            of: last.context,
            message: message.id,
            sender: event.sender.id,
            question: last.question,
            now: now
        )
        then(.ask(conversation.id))
    }

    private mutating func explain(_ conversation: ConversationRecord) throws {
        guard let turn = try state.lastTurn(in: conversation.id) else {
            return try say(.whyNothing, in: conversation)
        }
        let replies = try state.posts(of: turn.id)
        try say(.why(TurnStory(turn, replies: replies)), in: conversation)
    }
}
