import Basics
import SurfaceKit

/// Where a message was said.
struct Place: Hashable, Sendable {
    /// `nil` when the chat is not told.
    let address: ConversationAddress?
    let kind: ChatKind

    /// `nil` for channels and comments, where nobody asks the bot anything.
    init?(of message: JSONValue) {
        let recipient = message["recipient"]
        guard recipient?["post_id"] == nil else { return nil }
        switch recipient?["chat_type"]?.string {
        case "dialog": kind = .direct
        case "chat": kind = .group
        default: return nil
        }
        let chat = recipient?["chat_id"]?.int64.flatMap { $0 == 0 ? nil : ChatID(String($0)) }
        address = chat.map { ConversationAddress(chat: $0) }
    }
}
