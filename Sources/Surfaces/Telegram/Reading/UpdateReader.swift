import Basics
import SurfaceKit

/// Reads updates of the Bot API as events.
///
/// Pure.
struct UpdateReader: Sendable {
    let bot: BotAccount

    /// The updates that the surface asks for; the server remembers the list.
    static let kinds = ["message", "edited_message", "my_chat_member", "stopped_message_generation"]

    /// What an update is.
    enum Reading: Hashable, Sendable {
        case event(InboundEvent)
        /// A message, which may be one part of what a person sent.
        case part(MessagePart)
    }

    /// `nil` for an update that does not concern the bot, or of a kind that is not known.
    func read(_ update: JSONValue) -> Reading? {
        if let message = update["message"] { return read(message: message) }
        if let message = update["edited_message"] { return edit(message).map(Reading.event) }
        if let change = update["my_chat_member"] { return membership(change).map(Reading.event) }
        if let stop = update["stopped_message_generation"] { return self.stop(stop).map(Reading.event) }
        return nil
    }

    // MARK: Messages

    private func read(message: JSONValue) -> Reading? {
        if let migration = migration(message) { return .event(migration) }
        // An ephemeral message has the number 0 and cannot be answered like others.
        guard let number = message["message_id"]?.int64, number > 0, let place = Place(of: message, bot),
            !Speaker.isBot(message), message["is_automatic_forward"]?.bool != true,
            let sender = Speaker.sender(of: message)
        else { return nil }
        let words = EntityText(of: message)
        let said = words.words(to: bot)
        if said.isForAnotherBot, place.kind == .group { return nil }
        guard let content = content(of: message, said, number, place) else { return nil }
        let event = InboundEvent(
            id: EventID("m\(place.address.chat).\(number)"),
            conversation: place.address,
            chatKind: place.kind,
            sender: sender,
            content: content,
            sentAt: message["date"]?.int64.flatMap(milliseconds)
        )
        guard case .message = content else { return .event(event) }
        return .part(
            MessagePart(
                event: event,
                album: message["media_group_id"]?.string,
                length: words.length,
                isBareText: message["text"] != nil && message["reply_to_message"] == nil
                    && message["forward_origin"] == nil
            )
        )
    }

    private func content(
        of message: JSONValue,
        _ said: EntityText.Words,
        _ number: Int64,
        _ place: Place
    ) -> InboundEvent.Content? {
        let attachments = Attachments(of: message)
        let isForward = message["forward_origin"] != nil
        let quote = QuoteReader.quote(in: message, to: bot)
        let own = said.text.isEmpty ? RichText.plain(message) ?? "" : said.text
        // A forwarded text is quoted: the person who forwards it did not say it, least of all as a command.
        let text = isForward ? "" : [own, attachments.words ?? ""].filter { !$0.isEmpty }.joined(separator: "\n")
        let isNamed = said.names && !isForward
        if place.kind == .direct, let payload = Self.deepLink(text) { return .started(payload: payload) }
        guard !text.isEmpty || !attachments.files.isEmpty || !(quote?.text.isEmpty ?? true) || isNamed else {
            return nil  // Joins, pins, titles and other service messages.
        }
        return .message(
            InboundMessage(
                id: MessageID(String(number)),
                text: text,
                files: attachments.files,
                addressed: place.kind == .direct || isNamed || QuoteReader.isReply(message, to: bot),
                quote: quote,
                album: message["media_group_id"]?.string,
                isQuestion: attachments.isQuestion || isForward && !(quote?.text.isEmpty ?? true)
            )
        )
    }

    /// What follows `/start`; empty when nothing does, `nil` when it is something else.
    private static func deepLink(_ text: String) -> String? {
        let words = text.split(separator: " ", maxSplits: 1)
        guard let first = words.first, first == "/start" || first.hasPrefix("/start@") else { return nil }
        return words.count == 2 ? String(words[1]) : ""
    }

    // MARK: Changes

    private func edit(_ message: JSONValue) -> InboundEvent? {
        guard let number = message["message_id"]?.int64, number > 0, let place = Place(of: message, bot),
            !Speaker.isBot(message), let sender = Speaker.sender(of: message)
        else { return nil }
        let words = EntityText(of: message).words(to: bot).text
        let text = words.isEmpty ? RichText.plain(message) ?? "" : words
        // A place that moves is edited every few seconds.
        guard !text.isEmpty, !words.isEmpty || message["rich_message"] != nil else { return nil }
        let version = hex(sha256(Array(text.utf8)).prefix(6))
        return InboundEvent(
            id: EventID("e\(place.address.chat).\(number).\(message["edit_date"]?.int64 ?? 0).\(version)"),
            conversation: place.address,
            chatKind: place.kind,
            sender: sender,
            content: .edited(MessageID(String(number)), text: text),
            sentAt: message["edit_date"]?.int64.flatMap(milliseconds)
        )
    }

    /// A group becomes a supergroup; both chats tell it.
    private func migration(_ message: JSONValue) -> InboundEvent? {
        guard let chat = message["chat"]?["id"]?.int64 else { return nil }
        let old = message["migrate_from_chat_id"]?.int64 ?? chat
        guard let new = message["migrate_to_chat_id"]?.int64 ?? (old == chat ? nil : chat) else { return nil }
        return InboundEvent(
            id: EventID("g\(old).\(new)"),
            conversation: ConversationAddress(chat: ChatID(String(old))),
            chatKind: .group,
            sender: Speaker.sender(of: message) ?? Sender(id: PersonID(String(old)), name: String(old)),
            content: .moved(to: ChatID(String(new)))
        )
    }

    private func membership(_ change: JSONValue) -> InboundEvent? {
        guard let place = Place(of: change, bot), let member = change["new_chat_member"],
            let status = member["status"]?.string, let date = change["date"]?.int64,
            let sender = change["from"].flatMap(Speaker.sender(user:))
        else { return nil }
        let isGone =
            switch status {
            case "left", "kicked": true
            case "restricted": member["is_member"]?.bool == false || member["can_send_messages"]?.bool == false
            default: false
            }
        guard isGone else { return nil }
        return InboundEvent(
            id: EventID("c\(place.address.chat).\(date).\(status)"),
            conversation: place.address,
            chatKind: place.kind,
            sender: sender,
            content: .left,
            sentAt: milliseconds(date)
        )
    }

    /// The Stop button below a draft.
    private func stop(_ stop: JSONValue) -> InboundEvent? {
        guard let place = Place(of: stop, bot), let draft = stop["draft_id"]?.int64 else { return nil }
        let person = place.address.chat.rawValue
        return InboundEvent(
            id: EventID("s\(place.address.chat).\(draft)"),
            conversation: place.address,
            chatKind: place.kind,
            sender: Sender(id: PersonID(person), name: stop["chat"]?["first_name"]?.string ?? person),
            content: .stopRequested(DraftID(String(draft)))
        )
    }
}

/// Seconds since 1970 as milliseconds; `nil` for a time that no clock shows.
private func milliseconds(_ seconds: Int64) -> Int64? {
    let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    return overflow ? nil : milliseconds
}
