import Basics
import SurfaceKit

/// Reads what a message replies to or forwards.
enum QuoteReader {
    static func quote(in message: JSONValue, to bot: BotAccount) -> QuotedMessage? {
        if let origin = message["forward_origin"] { return forwarded(message, from: origin) }
        if let original = message["reply_to_message"], !isTopicHead(original) {
            return reply(to: original, words: message["quote"]?["text"]?.string, bot)
        }
        guard let original = message["external_reply"] else { return nil }
        return QuotedMessage(
            id: nil,
            author: original["origin"].map(author),
            text: message["quote"]?["text"]?.string ?? Attachments(of: original).words ?? "",
            files: Attachments(of: original).files
        )
    }

    /// Whether `message` answers one of the bot’s own.
    static func isReply(_ message: JSONValue, to bot: BotAccount) -> Bool {
        guard let original = message["reply_to_message"], !isTopicHead(original) else { return false }
        return original["from"]?["id"]?.int64 == bot.id
    }

    /// Every message of a topic replies to the service message that opened it.
    private static func isTopicHead(_ message: JSONValue) -> Bool { message["forum_topic_created"] != nil }

    private static func reply(to original: JSONValue, words: String?, _ bot: BotAccount) -> QuotedMessage? {
        let attachments = Attachments(of: original)
        let isOwn = original["from"]?["id"]?.int64 == bot.id
        return QuotedMessage(
            id: original["message_id"]?.int64.flatMap { $0 > 0 ? MessageID(String($0)) : nil },
            author: isOwn ? nil : Speaker.sender(of: original)?.name,
            text: words ?? text(of: original, attachments),
            files: isOwn ? [] : attachments.files
        )
    }

    private static func forwarded(_ message: JSONValue, from origin: JSONValue) -> QuotedMessage {
        QuotedMessage(
            id: nil,
            author: author(origin),
            text: text(of: message, Attachments(of: message)),
            files: []
        )
    }

    private static func text(of message: JSONValue, _ attachments: Attachments) -> String {
        let words = message["text"]?.string ?? message["caption"]?.string ?? RichText.plain(message)
        return [words, attachments.words].compactMap { $0 }.joined(separator: "\n")
    }

    private static func author(_ origin: JSONValue) -> String {
        if let user = origin["sender_user"] { return Speaker.name(ofUser: user) }
        let chat = origin["sender_chat"] ?? origin["chat"]
        return origin["sender_user_name"]?.string ?? chat?["title"]?.string ?? "?"
    }
}
