/// Where a message was said, and so where its answer goes: a chat, or one thread of it.
///
/// The thread is part of the address: an answer can never fall back to another place.
package struct ConversationAddress: Hashable, Sendable {
    package let chat: ChatID
    package let thread: ThreadID?

    package init(chat: ChatID, thread: ThreadID? = nil) {
        self.chat = chat
        self.thread = thread
    }
}

/// Who can read a chat.
package enum ChatKind: Hashable, Sendable, CaseIterable {
    /// One person and the bot.
    case direct
    /// Anything else.
    case group
}
