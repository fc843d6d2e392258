import Basics

/// What people do in chats.
extension MaxSimulator {
    // MARK: Chats

    /// The dialog of `person` with the bot, already begun.
    @discardableResult
    package func addDialog(with person: MaxPerson) -> Int64 {
        people[person.id] = person
        let id = dialog(with: person.id)
        chats[id] = MaxChat(id: id, kind: .dialog, title: person.firstName, person: person.id)
        return id
    }

    /// A group with the bot in it.
    package func addGroup(_ id: Int64, title: String, isAdmin: Bool = true, kind: String = "chat") {
        chats[id] = MaxChat(id: id, kind: kind == "channel" ? .channel : .chat, title: title)
        chats[id]?.isAdmin = isAdmin
    }

    package func add(_ person: MaxPerson) { people[person.id] = person }

    /// Somebody presses Start, having come by a link with `payload` or not.
    package func start(_ person: Int64, payload: String? = nil) {
        let chat = dialog(with: person)
        if chats[chat] == nil, let known = people[person] { addDialog(with: known) }
        chats[chat]?.isClosed = false
        var update = change(of: chat, by: person)
        update["payload"] = payload.map { .string($0) }
        // Not in the schema, and still sent.
        update["user_id"] = JSONValue(person)
        queue("bot_started", update, in: chat)
    }

    /// Somebody stops the bot.
    package func stop(_ person: Int64) {
        let chat = dialog(with: person)
        chats[chat]?.isClosed = true
        queue("bot_stopped", change(of: chat, by: person), in: chat)
        queue("dialog_removed", change(of: chat, by: person), in: chat)
    }

    /// Closes a chat without telling the bot.
    package func closeSilently(_ chat: Int64) { chats[chat]?.isClosed = true }

    /// Somebody adds the bot to a group, or removes it.
    package func move(_ isAdded: Bool, in chat: Int64, by person: Int64) {
        chats[chat]?.isClosed = !isAdded
        var update = change(of: chat, by: person)
        update["is_channel"] = .bool(chats[chat]?.kind == .channel)
        queue(isAdded ? "bot_added" : "bot_removed", update, in: chat)
    }

    private func change(of chat: Int64, by person: Int64) -> JSONObject {
        var update = JSONObject()
        update["chat_id"] = JSONValue(chat)
        update["user"] = sender(person)
        return update
    }

    // MARK: Messages

    /// Somebody writes; returns the message’s mid.
    @discardableResult
    package func say(
        _ text: String,
        in chat: Int64,
        by person: Int64,
        replyTo: String? = nil,
        attachments: [MaxMessage.Attachment] = [],
        markup: [JSONValue] = []
    ) -> String {
        var message = makeMessage(in: chat, by: person, text)
        message.attachments = attachments
        message.markup = markup + mentions(in: text)
        message.link = replyTo.flatMap(find).map { .reply($0.message) }
        return deliver(message)
    }

    /// Somebody sends a file.
    @discardableResult
    package func send(
        _ kind: String,
        name: String,
        mimeType: String,
        bytes: [UInt8],
        caption: String?,
        in chat: Int64,
        by person: Int64
    ) -> String {
        let token = "\(kind)-sent-\(nextNumber())"
        store(bytes, kind, name: name, mimeType: mimeType, token: token)
        return say(caption ?? "", in: chat, by: person, attachments: [.media(kind: kind, token: token)])
    }

    /// Somebody forwards a message that another wrote elsewhere; the outer text is empty.
    @discardableResult
    package func forward(
        _ text: String,
        from author: MaxPerson,
        in chat: Int64,
        by person: Int64,
        attachments: [MaxMessage.Attachment] = []
    ) -> String {
        people[author.id] = author
        var original = makeMessage(in: 0, by: author.id, text)
        original.attachments = attachments
        var message = makeMessage(in: chat, by: person, "")
        message.link = .forward(original)
        return deliver(message)
    }

    /// A voice note: the service tells only that something came.
    package func sendVoiceNote(by person: Int64) {
        var update = JSONObject()
        update["timestamp"] = JSONValue(Self.milliseconds)
        update["user_locale"] = people[person]?.locale.map { .string($0) }
        update["update_type"] = "message_created"
        inject(.object(update))
    }

    package func change(_ mid: String, to text: String) {
        guard let known = find(mid) else { return }
        chats[known.chat]?.messages[known.index].text = text
        chats[known.chat]?.messages[known.index].timestamp = Self.milliseconds
        guard let message = chats[known.chat]?.messages[known.index] else { return }
        queue("message_edited", JSONObject([.init(key: "message", value: json(of: message))]), in: known.chat)
    }

    package func withdraw(_ mid: String) {
        guard let known = find(mid) else { return }
        chats[known.chat]?.messages[known.index].isDeleted = true
        var update = JSONObject()
        update["message_id"] = .string(mid)
        update["chat_id"] = JSONValue(known.chat)
        update["user_id"] = JSONValue(known.message.sender)
        queue("message_removed", update, in: known.chat)
    }

    /// Somebody presses a button below a message of the bot; returns the callback’s id.
    package func press(_ payload: String, below mid: String, by person: Int64) -> String? {
        guard let known = find(mid) else { return nil }
        let id = "cb-\(nextNumber())"
        callbacks[id] = mid
        var callback = JSONObject()
        callback["timestamp"] = JSONValue(Self.milliseconds)
        callback["callback_id"] = .string(id)
        callback["user"] = sender(person)
        callback["payload"] = .string(payload)
        var update = JSONObject()
        update["callback"] = .object(callback)
        update["message"] = json(of: known.message)
        queue("message_callback", update, in: known.chat)
        return id
    }

    private func deliver(_ message: MaxMessage) -> String {
        chats[message.chat]?.messages.append(message)
        queue("message_created", JSONObject([.init(key: "message", value: json(of: message))]), in: message.chat)
        return message.mid
    }

    /// The marks that the service finds by itself: accounts named with `@`.
    private func mentions(in text: String) -> [JSONValue] {
        let units = Array(text.utf16)
        var marks: [JSONValue] = []
        var index = 0
        while index < units.count {
            var end = index + 1
            while units[index] == 0x40, end < units.count, UInt8(exactly: units[end]).map(isASCIIWordByte) ?? false {
                end += 1
            }
            let name = String(decoding: units[index..<end], as: UTF16.self)
            if name == "@\(bot.username ?? "")" || people.values.contains(where: { "@\($0.username ?? "")" == name }) {
                var mark = MaxMarkup.mark("user_mention", index, end).object ?? JSONObject()
                mark["user_link"] = .string(name)
                marks.append(.object(mark))
            }
            index = end
        }
        return marks
    }

    // MARK: What people see

    /// All messages that stand in a chat, oldest first.
    package func messages(in chat: Int64) -> [MaxMessage] { (chats[chat]?.messages ?? []).filter { !$0.isDeleted } }

    /// What the bot has shown itself doing in a chat.
    package func actions(in chat: Int64) -> [String] { chats[chat]?.actions ?? [] }

    package func file(_ token: String) -> MaxMedia? { media[token] }

    package var menu: [String] { (commands.array ?? []).compactMap { $0["name"]?.string } }

    /// Returns when `condition` holds; false when it does not within `patience`.
    package func wait(
        atMost patience: Duration = .seconds(20),
        until condition: @Sendable (isolated MaxSimulator) -> Bool
    ) async -> Bool {
        let deadline = ContinuousClock.now + patience
        while !condition(self) {
            guard deadline > .now, !Task.isCancelled else { return false }
            await changed.wait(until: min(deadline, .now + .milliseconds(200)))
        }
        return true
    }
}
