import Basics

/// What people do in chats.
extension TelegramSimulator {
    /// Longest text of one message; apps cut what is longer.
    private static let longest = 4096

    // MARK: Chats

    /// The chat of `user` with the bot.
    package func addDirectChat(with user: SimulatedUser) {
        users[user.id] = user
        chats[user.id] = SimulatedChat(id: user.id, kind: .direct, title: user.firstName)
    }

    package func addGroup(_ id: Int64, title: String, isForum: Bool = false) {
        let kind: SimulatedChat.Kind = id <= -1_000_000_000_000 ? .supergroup : .group
        chats[id] = SimulatedChat(id: id, kind: kind, title: title, isForum: isForum)
        // The general topic has number 1.
        if isForum { _ = chats[id]?.number() }
    }

    package func add(_ user: SimulatedUser) { users[user.id] = user }

    /// Opens a topic and returns its number.
    package func addTopic(_ name: String, in chat: Int64) -> Int64 {
        guard let number = chats[chat]?.number() else { return 0 }
        chats[chat]?.topics[number] = name
        return number
    }

    /// The group goes on as a supergroup.
    package func migrate(_ chat: Int64, to new: Int64) {
        guard let old = chats[chat] else { return }
        addGroup(new, title: old.title)
        chats[chat]?.movedTo = new
        announce("migrate_to_chat_id", JSONValue(new), in: chat)
        announce("migrate_from_chat_id", JSONValue(chat), in: new)
    }

    /// Somebody blocks the bot, or removes it; `nil` undoes it.
    package func close(_ chat: Int64, as status: String?) {
        guard let kind = chats[chat]?.kind, let json = chats[chat]?.json else { return }
        let person = users[chat] ?? users.values.first
        let reason =
            kind == .direct
            ? "Forbidden: bot was blocked by the user" : "Forbidden: bot was kicked from the \(kind.rawValue) chat"
        chats[chat]?.closed = status.map { _ in (403, reason) }
        queue(
            "my_chat_member",
            [
                "chat": json, "from": person?.json ?? .null, "date": JSONValue(Self.seconds),
                "old_chat_member": member(status == nil ? "kicked" : "member"),
                "new_chat_member": member(status ?? "member"),
            ]
        )
    }

    /// Closes a chat without telling the bot: it learns it by its next message.
    package func closeSilently(_ chat: Int64) {
        chats[chat]?.closed = (403, "Forbidden: bot was blocked by the user")
    }

    private func member(_ status: String) -> JSONValue {
        [
            "user": ["id": JSONValue(bot.id), "is_bot": true, "first_name": .string(bot.firstName)],
            "status": .string(status),
        ]
    }

    private func announce(_ key: String, _ value: JSONValue, in chat: Int64) {
        guard let number = chats[chat]?.number() else { return }
        var message = head(number, chat, users.values.first?.id ?? 0, nil)
        message[key] = value
        queue("message", .object(message))
    }

    // MARK: Messages

    /// Somebody writes; what is too long is cut as apps do it.
    ///
    /// Returns the number of the first message.
    @discardableResult
    package func say(
        _ text: String,
        in chat: Int64,
        by user: Int64,
        thread: Int64? = nil,
        replyTo: Int64? = nil,
        extra: JSONObject = JSONObject()
    ) -> Int64 {
        var first: Int64?
        var rest = Substring(text)
        repeat {
            var piece = rest
            if piece.utf16.count > Self.longest {
                piece = rest.prefix(Self.longest)
                while piece.utf16.count > Self.longest { piece = piece.dropLast() }
            }
            rest = rest[piece.endIndex...]
            var content = JSONObject()
            content["text"] = .string(String(piece))
            let entities = Self.entities(in: String(piece))
            if !entities.isEmpty { content["entities"] = .array(entities) }
            for member in extra.members { content[member.key] = member.value }
            let number = deliver(content, text: String(piece), nil, in: chat, by: user, thread, replyTo)
            first = first ?? number
        } while !rest.isEmpty
        return first ?? 0
    }

    /// Somebody sends files; more than one is an album.
    @discardableResult
    package func send(
        _ contents: [(kind: String, name: String, mimeType: String, bytes: [UInt8], caption: String?)],
        in chat: Int64,
        by user: Int64,
        thread: Int64? = nil
    ) -> Int64 {
        var first: Int64?
        lastAlbum += 1
        for content in contents {
            let media = store(content.bytes, kind: content.kind, name: content.name, mimeType: content.mimeType)
            var message = JSONObject()
            message[content.kind] = media.json
            if content.kind == "animation" { message["document"] = media.json }
            if let caption = content.caption {
                message["caption"] = .string(caption)
                let entities = Self.entities(in: caption)
                if !entities.isEmpty { message["caption_entities"] = .array(entities) }
            }
            if contents.count > 1 { message["media_group_id"] = .string("1300000000\(lastAlbum)") }
            let number = deliver(message, text: content.caption ?? "", media, in: chat, by: user, thread, nil)
            first = first ?? number
        }
        return first ?? 0
    }

    /// Somebody sends anything else: a place, a sticker, a service message.
    @discardableResult
    package func post(_ content: JSONObject, in chat: Int64, by user: Int64, thread: Int64? = nil) -> Int64 {
        deliver(content, text: content["text"]?.string ?? "", nil, in: chat, by: user, thread, nil)
    }

    package func change(_ message: Int64, in chat: Int64, to text: String) {
        guard let index = chats[chat]?.index(of: message) else { return }
        chats[chat]?.messages[index].text = text
        chats[chat]?.messages[index].json["text"] = .string(text)
        chats[chat]?.messages[index].json["edit_date"] = JSONValue(Self.seconds)
        guard let json = chats[chat]?.messages[index].json else { return }
        queue("edited_message", .object(json))
    }

    /// Somebody presses the Stop button below the draft that is shown.
    package func pressStop(in chat: Int64, thread: Int64? = nil) -> Bool {
        guard let known = chats[chat], let draft = draft(in: chat, thread: thread) else { return false }
        var stop = JSONObject()
        stop["chat"] = known.json
        stop["message_thread_id"] = thread.map { JSONValue($0) }
        stop["draft_id"] = JSONValue(draft.id)
        queue("stopped_message_generation", .object(stop))
        return true
    }

    /// Delivers an update as it is.
    package func inject(_ kind: String, _ content: JSONValue) { queue(kind, content) }

    package func jumpUpdates(to id: Int64) { updates.jump(to: id) }

    package func repeatLastUpdate() {
        updates.repeatLast()
        changed.signal()
    }

    // MARK: What people see

    /// All messages that stand in a chat, oldest first.
    package func messages(in chat: Int64, thread: Int64? = nil) -> [SimulatedMessage] {
        (chats[chat]?.messages ?? []).filter { !$0.isDeleted && (thread == nil || $0.thread == thread) }
    }

    /// The draft that is shown now.
    package func draft(in chat: Int64, thread: Int64? = nil) -> (id: Int64, text: String)? {
        guard let draft = chats[chat]?.drafts[thread ?? 0], draft.expires > .now else { return nil }
        return (draft.id, draft.text)
    }

    /// Every text that drafts have shown in a chat.
    package func draftTexts(in chat: Int64) -> [String] { chats[chat]?.draftTexts ?? [] }

    package func bytes(of file: String) -> [UInt8]? { files[file]?.bytes }

    package var unconfirmedUpdates: Int { updates.updates.count }

    /// Returns when `condition` holds; false when it does not within `patience`.
    package func wait(
        atMost patience: Duration = .seconds(20),
        until condition: @Sendable (isolated TelegramSimulator) -> Bool
    ) async -> Bool {
        let deadline = ContinuousClock.now + patience
        while !condition(self) {
            guard deadline > .now, !Task.isCancelled else { return false }
            await changed.wait(until: min(deadline, .now + .milliseconds(200)))
        }
        return true
    }

    // MARK: Making messages

    private func deliver(
        _ content: JSONObject,
        text: String,
        _ media: SimulatedMessage.Media?,
        in chat: Int64,
        by user: Int64,
        _ thread: Int64?,
        _ replyTo: Int64?
    ) -> Int64 {
        guard let number = chats[chat]?.number() else { return 0 }
        var json = head(number, chat, user, thread)
        for member in content.members { json[member.key] = member.value }
        var message = SimulatedMessage(
            id: number,
            chat: chat,
            thread: thread,
            fromBot: false,
            text: text,
            replyTo: replyTo,
            json: json
        )
        message.media = media
        chats[chat]?.messages.append(message)
        var update = json
        if let original = replyTo.flatMap({ id in chats[chat]?.messages.first { $0.id == id } }) {
            update["reply_to_message"] = .object(original.json)
        } else if let thread, let name = chats[chat]?.topics[thread], chats[chat]?.kind != .direct {
            // Every message of a topic replies to the service message that opened it.
            var opening = head(thread, chat, user, thread)
            opening["forum_topic_created"] = ["name": .string(name), "icon_color": 7_322_096]
            update["reply_to_message"] = .object(opening)
        }
        queue("message", .object(update))
        return number
    }

    private func head(_ number: Int64, _ chat: Int64, _ user: Int64, _ thread: Int64?) -> JSONObject {
        var json = JSONObject()
        json["message_id"] = JSONValue(number)
        json["from"] = users[user]?.json
        json["chat"] = chats[chat]?.json
        json["date"] = JSONValue(Self.seconds)
        json["message_thread_id"] = thread.map { JSONValue($0) }
        if thread != nil { json["is_topic_message"] = true }
        return json
    }

    /// The marks that a server finds by itself: mentions and commands.
    static func entities(in text: String) -> [JSONValue] {
        let units = Array(text.utf16)
        var entities: [JSONValue] = []
        var index = 0
        while index < units.count {
            let starts = index == 0 || !isWord(units[index - 1])
            guard starts, units[index] == 0x40 || units[index] == 0x2F else {
                index += 1
                continue
            }
            var end = index + 1
            while end < units.count, isWord(units[end]) || (units[index] == 0x2F && units[end] == 0x40) { end += 1 }
            if end - index > 1 {
                entities.append([
                    "type": units[index] == 0x40 ? "mention" : "bot_command", "offset": JSONValue(index),
                    "length": JSONValue(end - index),
                ])
            }
            index = end
        }
        return entities
    }

    private static func isWord(_ unit: UInt16) -> Bool { UInt8(exactly: unit).map(isASCIIWordByte) ?? false }
}
