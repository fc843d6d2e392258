/// Something that happened on a messenger and concerns the bot.
///
/// A surface never reports the bot’s own doings, nor anything older than the bot’s presence in the chat (but see the
/// messages that a person sends together with an invitation).
package struct InboundEvent: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        /// A new message.
        case message(InboundMessage)
        /// A person changed a message; never a second question.
        case edited(MessageID, text: String)
        /// A person withdrew a message.
        case deleted(MessageID)
        /// A person opened the chat, with the payload of a deep link.
        case started(payload: String?)
        /// The bot can no longer write here: removed, banned, blocked, or the chat is gone.
        case left
        /// The chat goes on under another identifier (room upgrade, supergroup).
        case moved(to: ChatID)
        /// A message came that this surface cannot read; the host says so once in each chat.
        case unreadable(UnreadableReason)
        /// A person pressed the messenger’s own button to stop the answer that a draft shows.
        case stopRequested(DraftID)
    }

    /// The same whenever the messenger delivers this event again.
    package let id: EventID
    package let conversation: ConversationAddress
    package let chatKind: ChatKind
    package let sender: Sender
    package let content: Content
    /// When it was sent, in milliseconds since 1970, as the messenger claims; never used for order.
    package let sentAt: Int64?

    package init(
        id: EventID,
        conversation: ConversationAddress,
        chatKind: ChatKind,
        sender: Sender,
        content: Content,
        sentAt: Int64? = nil
    ) {
        self.id = id
        self.conversation = conversation
        self.chatKind = chatKind
        self.sender = sender
        self.content = content
        self.sentAt = sentAt
    }
}

/// Why a message cannot be read.
package enum UnreadableReason: Hashable, Sendable, CaseIterable {
    case encrypted
}

/// Who caused an event.
package struct Sender: Hashable, Sendable {
    package let id: PersonID
    /// What people see; falls back to the identifier.
    package let name: String
    /// BCP 47, when the messenger tells it.
    package let language: String?

    package init(id: PersonID, name: String, language: String? = nil) {
        self.id = id
        self.name = name
        self.language = language
    }
}
