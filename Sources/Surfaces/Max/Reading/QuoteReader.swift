import Basics
import SurfaceKit

/// Reads what a message replies to or forwards: its `link`.
struct QuoteReader {
    private let link: JSONValue?
    private let bot: BotAccount
    /// Of the message that is linked.
    let attachments: Attachments

    /// - Parameter mid: The message that holds the link.
    init(of message: JSONValue, mid: String?, to bot: BotAccount) {
        link = message["link"]
        self.bot = bot
        attachments = Attachments(of: link?["message"], in: mid, isLinked: true)
    }

    var isForward: Bool { link?["type"]?.string == "forward" }

    /// Whether it answers a message of the bot.
    var isReplyToBot: Bool { link?["type"]?.string == "reply" && isByBot }

    var quote: QuotedMessage? {
        guard let link, let original = link["message"], isForward || link["type"]?.string == "reply" else { return nil }
        let words = MarkedText(of: original).words(to: bot).text
        return QuotedMessage(
            id: isForward ? nil : original["mid"]?.string.map { MessageID($0) },
            author: isByBot ? nil : link["sender"].map(Speaker.name) ?? "?",
            text: ([words] + attachments.words).filter { !$0.isEmpty }.joined(separator: "\n"),
            // What is forwarded belongs to the message itself; what the bot sent itself is known.
            files: isForward || isByBot ? [] : attachments.files
        )
    }

    private var isByBot: Bool { link?["sender"]?["user_id"]?.int64 == bot.id }
}
