import Basics

extension MaxSimulator {
    private static let mostAttachments = 12

    // MARK: Operations

    func sendMessage(_ call: MaxCall) throws(MaxFault) -> JSONValue {
        try validate(call.body)
        let chat = try recipient(call.query)
        try spend(in: chat)
        let content = try content(of: call.body)
        guard content.text.showsSomething || !content.attachments.isEmpty || call.body["link"] != nil else {
            throw .payload("Message text must not be empty")
        }
        var message = makeMessage(in: chat, by: bot.id, content.text)
        message.markup = content.markup
        message.attachments = content.attachments
        if let link = call.body["link"] { message.link = try linked(link) }
        chats[chat]?.messages.append(message)
        chats[chat]?.typing = nil
        return ["message": json(of: message)]
    }

    func editMessage(_ call: MaxCall) throws(MaxFault) -> JSONValue {
        try validate(call.body)
        guard let mid = call.query["message_id"]?.string, let known = find(mid), known.message.sender == bot.id else {
            throw MaxFault(400, "error.edit.invalid.message", "Message \(call.query["message_id"]?.string ?? "")")
        }
        try writable(known.chat)
        try spend(in: known.chat)
        let content = try content(of: call.body)
        var message = known.message
        if call.body["text"] != nil { (message.text, message.markup) = (content.text, content.markup) }
        // Missing keeps them, an empty list takes them away.
        if call.body["attachments"] != nil { message.attachments = content.attachments }
        guard message.text.showsSomething || !message.attachments.isEmpty else {
            throw .payload("Message text must not be empty")
        }
        message.versions.append(message.text)
        message.timestamp = Self.milliseconds
        chats[known.chat]?.messages[known.index] = message
        return ["success": true]
    }

    func deleteMessage(_ call: MaxCall) throws(MaxFault) -> JSONValue {
        let mid = call.query["message_id"]?.string ?? ""
        guard let known = find(mid) else { throw MaxFault(404, "not.found", "Message \(mid) not found") }
        try spend(in: known.chat)
        guard chats[known.chat]?.kind != .dialog || known.message.sender == bot.id else {
            return MaxFault.unsuccessful("Message of somebody else")
        }
        chats[known.chat]?.messages[known.index].isDeleted = true
        return ["success": true]
    }

    func act(_ call: MaxCall) throws(MaxFault) -> JSONValue {
        let chat = try chat(call.number("chatId"))
        try writable(chat.id)
        chats[chat.id]?.actions.append(call.body["action"]?.string ?? "")
        chats[chat.id]?.typing = .now + .seconds(5)
        return ["success": true]
    }

    func leave(_ call: MaxCall) throws(MaxFault) -> JSONValue {
        let chat = try chat(call.number("chatId"))
        chats[chat.id]?.isClosed = true
        return ["success": true]
    }

    func answerCallback(_ call: MaxCall) throws(MaxFault) -> JSONValue {
        let id = call.query["callback_id"]?.string ?? ""
        guard call.body["message"] != nil || call.body["notification"] != nil else {
            throw .payload("Invalid request. `message` or `notification` required")
        }
        guard let mid = callbacks[id], let known = find(mid) else {
            throw MaxFault(400, "error.edit.invalid.message", "Callback \(id)")
        }
        guard let body = call.body["message"] else { return ["success": true] }
        try validate(body)
        let content = try content(of: body)
        if body["text"] != nil { chats[known.chat]?.messages[known.index].text = content.text }
        if body["attachments"] != nil { chats[known.chat]?.messages[known.index].attachments = content.attachments }
        return ["success": true]
    }

    func messages(_ call: MaxCall) throws(MaxFault) -> JSONValue {
        if let mids = call.query["message_ids"]?.array?.compactMap(\.string) {
            return ["messages": .array(mids.compactMap(find).map { json(of: $0.message) })]
        }
        let chat = try chat(call.query["chat_id"]?.int64 ?? 0)
        let count = Int(call.query["count"]?.int64 ?? 50)
        let standing = chat.messages.filter { !$0.isDeleted }.suffix(count).reversed()
        return ["messages": .array(standing.map(json))]
    }

    func message(_ mid: String?) throws(MaxFault) -> MaxMessage {
        guard let mid, let known = find(mid) else {
            throw MaxFault(404, "not.found", "Message \(mid ?? "") not found")
        }
        return known.message
    }

    // MARK: Recipients

    func chat(_ id: Int64) throws(MaxFault) -> MaxChat {
        guard id != 0 else { throw MaxFault(403, "chat.denied", "Invalid chatId: 0") }
        guard let chat = chats[id] else { throw .noChat(id) }
        return chat
    }

    func writable(_ id: Int64) throws(MaxFault) {
        guard let chat = chats[id], chat.isClosed else { return }
        throw chat.kind == .dialog ? .suspended(id) : .noChat(id)
    }

    private func recipient(_ query: JSONObject) throws(MaxFault) -> Int64 {
        if let id = query["chat_id"]?.int64 {
            let chat = try chat(id)
            try writable(chat.id)
            return chat.id
        }
        guard let user = query["user_id"]?.int64 else { throw .payload("Unknown recipient") }
        guard let dialog = chats[dialog(with: user)] else {
            throw MaxFault(404, "dialog.not.found", "Dialog with user \(user) not found")
        }
        try writable(dialog.id)
        return dialog.id
    }

    /// As it was seen once: the two accounts’ numbers, combined.
    package nonisolated func dialog(with user: Int64) -> Int64 { user ^ bot.id }

    private func spend(in chat: Int64) throws(MaxFault) {
        guard let budget = settings.perChat, !buckets.take("chat\(chat)", budget, at: .now) else { return }
        throw .tooMany(budget.perSecond)
    }

    func find(_ mid: String) -> (chat: Int64, index: Int, message: MaxMessage)? {
        for (id, chat) in chats {
            if let index = chat.index(of: mid) { return (id, index, chat.messages[index]) }
        }
        return nil
    }

    // MARK: Bodies

    private struct Content {
        var text = ""
        var markup: [JSONValue] = []
        var attachments: [MaxMessage.Attachment] = []
    }

    /// What is refused before the recipient is looked up.
    private func validate(_ body: JSONValue) throws(MaxFault) {
        if body["format"] != nil, settings.refusesFormat { throw .payload("Can't parse text") }
        let attachments = body["attachments"]?.array ?? []
        guard attachments.count <= Self.mostAttachments else { throw .payload("Too many attachments") }
        let kinds = attachments.compactMap { $0["type"]?.string }.filter { $0 != "inline_keyboard" }
        if kinds.contains("file"), kinds.count > 1 { throw .payload("Must be only one file attachment in message") }
    }

    private func content(of body: JSONValue) throws(MaxFault) -> Content {
        var content = Content()
        let read = MaxMarkup.read(body["text"]?.string ?? "", format: body["format"]?.string?.lowercased())
        (content.text, content.markup) = (read.text, read.markup)
        for attachment in body["attachments"]?.array ?? [] { content.attachments.append(try attached(attachment)) }
        return content
    }

    private func attached(_ attachment: JSONValue) throws(MaxFault) -> MaxMessage.Attachment {
        let kind = attachment["type"]?.string ?? ""
        guard ["image", "video", "audio", "file"].contains(kind) else { return .other(attachment) }
        let payload = attachment["payload"]
        let photo = payload?["photos"]?.object?.members.first?.value["token"]?.string
        guard let token = payload?["token"]?.string ?? photo else {
            throw .payload(
                kind == "image"
                    ? "No `photos`, `url` or `token` provided. Check payload."
                    : "Missing `token` in \(kind) attachment"
            )
        }
        guard let known = media[token], known.kind == kind else {
            throw .payload(
                kind == "image" ? "Invalid photo token provided: \(token)" : "Missing `token` in \(kind) attachment"
            )
        }
        guard known.notReady == 0 else {
            media[token]?.notReady -= 1
            throw MaxFault(400, "attachment.not.ready", "Key: errors.process.attachment.\(kind).not.processed")
        }
        return .media(kind: kind, token: token)
    }

    private func linked(_ link: JSONValue) throws(MaxFault) -> MaxMessage.Link {
        guard let mid = link["mid"]?.string, let known = find(mid) else {
            throw .payload("Linked message \(link["mid"]?.string ?? "") not found")
        }
        return link["type"]?.string == "forward" ? .forward(known.message) : .reply(known.message)
    }
}

extension String {
    /// Whether there is anything to see; what has no width does not count.
    fileprivate var showsSomething: Bool {
        unicodeScalars.contains { scalar in
            let properties = scalar.properties
            return !properties.isWhitespace && !properties.isDefaultIgnorableCodePoint
                && properties.generalCategory != .control
        }
    }
}
