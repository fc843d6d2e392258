import Basics
import SurfaceKit

/// Reads updates of the MAX Bot API as events.
///
/// Pure.
struct UpdateReader: Sendable {
    let bot: BotAccount

    /// The updates that the surface asks for.
    static let kinds = [
        "message_created", "message_edited", "message_removed", "bot_started", "bot_stopped", "bot_removed",
        "dialog_removed",
    ]

    /// Updates that are known and say nothing to us.
    private static let ignored: Set<String> = [
        "message_callback", "dialog_cleared", "dialog_muted", "dialog_unmuted", "bot_added", "user_added",
        "user_removed", "chat_title_changed", "bot_admin_permissions_changed", "comment_created", "comment_edited",
        "comment_removed",
    ]

    /// What an update is.
    struct Reading: Hashable, Sendable {
        /// `nil` when it does not concern the bot.
        var event: InboundEvent?
        /// What was not understood, to be counted.
        var oddities: [String] = []
    }

    func read(_ update: JSONValue) -> Reading {
        switch update["update_type"]?.string {
        case "message_created": return created(update)
        case "message_edited": return Reading(event: edited(update))
        case "message_removed": return Reading(event: removed(update))
        case "bot_started": return Reading(event: started(update))
        case "bot_stopped", "dialog_removed": return Reading(event: left(update, .direct))
        case "bot_removed":
            return update["is_channel"]?.bool == true ? Reading() : Reading(event: left(update, .group))
        case let kind? where Self.ignored.contains(kind): return Reading()
        case let kind: return Reading(oddities: ["update \(kind ?? "without a kind")"])
        }
    }

    // MARK: Messages

    private func created(_ update: JSONValue) -> Reading {
        guard let message = update["message"] else {
            // A voice note: neither what it holds nor the chat is told, so nobody can be answered.
            return Reading(oddities: ["message without content"])
        }
        guard let place = Place(of: message) else { return Reading() }
        guard let address = place.address else { return Reading(oddities: ["message without a chat"]) }
        // Posts of channels have no sender.
        guard message["sender"]?["is_bot"]?.bool != true, message["sender"]?["user_id"]?.int64 != bot.id,
            let sender = Speaker.sender(message["sender"], locale: update["user_locale"])
        else { return Reading() }
        let mid = message["body"]?["mid"]?.string
        let attachments = Attachments(of: message["body"], in: mid)
        let quotes = QuoteReader(of: message, mid: mid, to: bot)
        let oddities = (attachments.unknown + quotes.attachments.unknown).map { "attachment \($0)" }
        let words = MarkedText(of: message["body"]).words(to: bot)
        if words.isForAnotherBot, place.kind == .group { return Reading(oddities: oddities) }
        // A forward may have no body of its own.
        let number = mid ?? "t\(message["timestamp"]?.int64 ?? 0)"
        guard let content = content(number, words, attachments, quotes, place.kind) else {
            return Reading(oddities: oddities)
        }
        let event = InboundEvent(
            id: EventID("m\(address.chat).\(number)"),
            conversation: address,
            chatKind: place.kind,
            sender: sender,
            content: .message(content),
            sentAt: message["timestamp"]?.int64
        )
        return Reading(event: event, oddities: oddities)
    }

    private func content(
        _ number: String,
        _ words: MarkedText.Words,
        _ attachments: Attachments,
        _ quotes: QuoteReader,
        _ kind: ChatKind
    ) -> InboundMessage? {
        let quote = quotes.quote
        let text = ([words.text] + attachments.words).filter { !$0.isEmpty }.joined(separator: "\n")
        let files = attachments.files + (quotes.isForward ? quotes.attachments.files : [])
        let forwardsText = quotes.isForward && !(quote?.text.isEmpty ?? true)
        guard !text.isEmpty || !files.isEmpty || quote != nil || words.names else { return nil }
        return InboundMessage(
            id: MessageID(number),
            text: text,
            files: files,
            addressed: kind == .direct || words.names || quotes.isReplyToBot,
            quote: quote,
            isQuestion: attachments.isQuestion || text.isEmpty && forwardsText
        )
    }

    // MARK: Changes

    private func edited(_ update: JSONValue) -> InboundEvent? {
        guard let message = update["message"], let place = Place(of: message), let address = place.address,
            let mid = message["body"]?["mid"]?.string, message["sender"]?["is_bot"]?.bool != true,
            let sender = Speaker.sender(message["sender"], locale: update["user_locale"])
        else { return nil }
        let words = MarkedText(of: message["body"]).words(to: bot)
        let text = ([words.text] + Attachments(of: message["body"], in: mid).words).filter { !$0.isEmpty }
            .joined(separator: "\n")
        guard !text.isEmpty else { return nil }
        let time = message["timestamp"]?.int64 ?? update["timestamp"]?.int64 ?? 0
        let version = hex(sha256(Array(text.utf8)).prefix(6))
        return InboundEvent(
            id: EventID("e\(address.chat).\(mid).\(time).\(version)"),
            conversation: address,
            chatKind: place.kind,
            sender: sender,
            content: .edited(MessageID(mid), text: text),
            sentAt: time
        )
    }

    private func removed(_ update: JSONValue) -> InboundEvent? {
        guard let mid = update["message_id"]?.string, let chat = update["chat_id"]?.int64, chat != 0,
            let person = update["user_id"]?.int64, person != bot.id
        else { return nil }
        return InboundEvent(
            id: EventID("d\(chat).\(mid)"),
            conversation: ConversationAddress(chat: ChatID(String(chat))),
            // The kind is not told; groups were only ever seen with numbers below zero.
            chatKind: chat > 0 ? .direct : .group,
            sender: Sender(id: PersonID(String(person)), name: String(person)),
            content: .deleted(MessageID(mid)),
            sentAt: update["timestamp"]?.int64
        )
    }

    private func started(_ update: JSONValue) -> InboundEvent? {
        let payload = update["payload"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        return change(update, .direct, "s", .started(payload: payload))
    }

    private func left(_ update: JSONValue, _ kind: ChatKind) -> InboundEvent? {
        change(update, kind, "l\(update["update_type"]?.string ?? "").", .left)
    }

    private func change(
        _ update: JSONValue,
        _ kind: ChatKind,
        _ mark: String,
        _ content: InboundEvent.Content
    ) -> InboundEvent? {
        guard let chat = update["chat_id"]?.int64, chat != 0,
            let sender = Speaker.sender(update["user"], locale: update["user_locale"])
        else { return nil }
        let time = update["timestamp"]?.int64 ?? 0
        return InboundEvent(
            id: EventID("\(mark)\(chat).\(sender.id).\(time)"),
            conversation: ConversationAddress(chat: ChatID(String(chat))),
            chatKind: kind,
            sender: sender,
            content: content,
            sentAt: time
        )
    }
}
