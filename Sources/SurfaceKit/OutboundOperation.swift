/// Something to do in a conversation.
///
/// Closed on purpose: a new case does not compile until every surface has answered it.
package enum OutboundOperation: Hashable, Sendable {
    /// Posts a message. The receipt names it.
    case send(MessageContent, to: ConversationAddress, replyTo: MessageID?)
    /// Replaces a message of the bot.
    case edit(MessageID, MessageContent, in: ConversationAddress)
    case delete(MessageID, in: ConversationAddress)
    /// Shows an answer that is being written, without making a message; the next one with the same id replaces it.
    ///
    /// Asked only of surfaces with ``Capabilities/drafts``, in direct chats. It goes away by itself, at the latest when a
    /// message is sent. Refused when the messenger cannot do it here.
    case draft(DraftID, MessageText, in: ConversationAddress)
    /// Shows, or stops showing, that an answer is being written.
    case typing(Bool, in: ConversationAddress)
    /// Tells the sender that the message was seen.
    case markRead(MessageID, in: ConversationAddress)
}

/// What a message of the bot holds.
package enum MessageContent: Hashable, Sendable {
    case text(MessageText)
    case file(OutboundFile)
}

/// A text and how it is to be read.
package struct MessageText: Hashable, Sendable {
    package enum Format: Hashable, Sendable, CaseIterable {
        /// CommonMark with GitHub’s extensions, as agents write it.
        case markdown
        /// Just characters.
        case plain
    }

    package let source: String
    package let format: Format
    /// Whether it holds nothing of any conversation, only what the host would tell anyone.
    ///
    /// The one kind of text that a surface sends where it could be overheard: a chat that is encrypted for everybody but
    /// the bot.
    package let isPublic: Bool

    package init(_ source: String, format: Format = .markdown, isPublic: Bool = false) {
        self.source = source
        self.format = format
        self.isPublic = isPublic
    }
}

/// A file that the bot sends, kept on this machine’s disk until it is delivered.
package struct OutboundFile: Hashable, Sendable {
    package let path: String
    package let kind: FileKind
    package let name: String
    package let mimeType: String
    /// In bytes.
    package let size: Int

    package init(path: String, kind: FileKind, name: String, mimeType: String, size: Int) {
        self.path = path
        self.kind = kind
        self.name = name
        self.mimeType = mimeType
        self.size = size
    }
}

/// Proof that a messenger accepted an operation.
package struct Receipt: Hashable, Sendable {
    /// The message that the operation created, if it created one.
    package let message: MessageID?

    package init(message: MessageID? = nil) { self.message = message }
}
