import Basics
import SurfaceKit

/// Where something happened.
struct Place: Hashable, Sendable {
    let address: ConversationAddress
    let kind: ChatKind

    /// `nil` for channels, which nobody talks in.
    init?(of update: JSONValue, _ bot: BotAccount) {
        guard let chat = update["chat"], let id = chat["id"]?.int64, let type = chat["type"]?.string else { return nil }
        switch type {
        case "private": kind = .direct
        case "group", "supergroup": kind = .group
        default: return nil
        }
        let topic = Self.topic(of: update, isDirect: kind == .direct, bot)
        address = ConversationAddress(chat: ChatID(String(id)), thread: topic.map { ThreadID(String($0)) })
    }

    /// Plain supergroups number reply threads with the same field; only topics are conversations of their own.
    private static func topic(of update: JSONValue, isDirect: Bool, _ bot: BotAccount) -> Int64? {
        guard let thread = update["message_thread_id"]?.int64 else { return nil }
        if isDirect { return bot.hasTopics ? thread : nil }
        // General is topic 1 in what comes in, and must not be named in what goes out.
        return update["is_topic_message"]?.bool == true && thread != 1 ? thread : nil
    }
}
