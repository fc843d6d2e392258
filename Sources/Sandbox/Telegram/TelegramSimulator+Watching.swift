import Basics

/// What somebody sees who looks at the chats all the time.
extension TelegramSimulator {
    /// As ``draft(in:thread:)``, with its marks; of no topic.
    package func shownDraft(in chat: Int64) -> (text: String, entities: [JSONValue])? {
        guard let draft = chats[chat]?.drafts[0], draft.expires > .now, !draft.text.isEmpty else { return nil }
        return (draft.text, draft.entities)
    }

    /// Whether the bot has shown lately that it writes.
    package func isTyping(in chat: Int64) -> Bool { chats[chat]?.typing.map { $0 > .now } ?? false }

    func storedFile(_ id: String) -> StoredFile? { files[id] }

    /// The bot’s commands for everybody, as `setMyCommands` gave them.
    package var menu: [JSONValue] { menus[""]?.array ?? [] }

    /// Returns at the next change, at the latest after half a second: drafts and typing end by themselves.
    nonisolated package func nextChange() async { await changed.wait(until: .now + .milliseconds(500)) }
}
