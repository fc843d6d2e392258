import SurfaceKit

/// An event for the host that may still lack the message which it answers.
struct InboundDraft: Hashable, Sendable {
    let event: InboundEvent
    /// The message it answers, to be fetched.
    let reply: String?
    /// What the message itself tells of the one it answers.
    let fallback: ReplyFallback?

    init(_ event: InboundEvent, reply: String? = nil, fallback: ReplyFallback? = nil) {
        self.event = event
        self.reply = reply
        self.fallback = fallback
    }

    /// The event with its quotation.
    ///
    /// Answering the bot is addressing it.
    func quoting(_ quote: QuotedMessage?, ofBot: Bool) -> InboundEvent {
        guard case .message(let message) = event.content else { return event }
        return InboundEvent(
            id: event.id,
            conversation: event.conversation,
            chatKind: event.chatKind,
            sender: event.sender,
            content: .message(
                InboundMessage(
                    id: message.id,
                    text: message.text,
                    files: message.files,
                    addressed: message.addressed || ofBot,
                    quote: quote,
                    isQuestion: message.isQuestion
                )
            ),
            sentAt: event.sentAt
        )
    }
}
