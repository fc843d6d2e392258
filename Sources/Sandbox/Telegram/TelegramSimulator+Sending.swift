import Basics
import FoundationEssentials

extension TelegramSimulator {
    private static let mostScalars = 4096
    private static let mostBytes = 32_768
    private static let mostEntities = 100
    private static let typingLasts = Duration.seconds(5)

    struct ParsedText {
        let text: String
        let entities: [JSONValue]
    }

    // MARK: Methods

    func sendMessage(_ parameters: JSONObject) throws(BotAPIFault) -> JSONValue {
        let chat = try writableChat(parameters)
        let thread = try thread(parameters, in: chat)
        let parsed = try parse(parameters["text"]?.string, parameters, tooLong: "message is too long")
        try spend(in: chat)
        return try post(parsed, nil, in: chat, thread, parameters)
    }

    func editMessageText(_ parameters: JSONObject) throws(BotAPIFault) -> JSONValue {
        let chat = try writableChat(parameters)
        let index = try ownMessage(parameters, in: chat)
        var message = chat.messages[index]
        guard message.media == nil else { throw .bad("there is no text in the message to edit") }
        let parsed = try parse(parameters["text"]?.string, parameters, tooLong: "MESSAGE_TOO_LONG")
        // An edit that changes nothing costs as much as another.
        try spend(in: chat)
        guard parsed.text != message.text || parsed.entities.map(\.text) != message.entities else {
            throw .bad(
                "message is not modified: specified new message content and reply markup are exactly the same as a "
                    + "current content and reply markup of the message"
            )
        }
        message.text = parsed.text
        message.versions.append(parsed.text)
        message.entities = parsed.entities.map(\.text)
        message.json["text"] = .string(parsed.text)
        message.json["entities"] = parsed.entities.isEmpty ? nil : .array(parsed.entities)
        message.json["edit_date"] = JSONValue(Self.seconds)
        chats[chat.id]?.messages[index] = message
        return .object(message.json)
    }

    func deleteMessage(_ parameters: JSONObject) throws(BotAPIFault) -> JSONValue {
        let chat = try chat(parameters)
        guard let index = parameters["message_id"]?.int64.flatMap(chat.index) else {
            throw .bad("message to delete not found")
        }
        chats[chat.id]?.messages[index].isDeleted = true
        return true
    }

    func sendMessageDraft(_ parameters: JSONObject) throws(BotAPIFault) -> JSONValue {
        guard let id = parameters["chat_id"]?.int64, id > 0 else { throw .bad("TEXTDRAFT_PEER_INVALID") }
        let chat = try writableChat(parameters)
        let thread = try thread(parameters, in: chat)
        guard let draft = parameters["draft_id"]?.int64, draft != 0 else { throw .bad("TEXTDRAFT_ID_INVALID") }
        let source = parameters["text"]?.string ?? ""
        let parsed =
            source.isEmpty
            ? ParsedText(text: "", entities: []) : try parse(source, parameters, tooLong: "message is too long")
        try spend(in: chat)
        chats[chat.id]?.drafts[thread ?? 0] = SimulatedChat.Draft(
            id: draft,
            text: parsed.text,
            entities: parsed.entities,
            expires: .now + settings.draftLasts
        )
        chats[chat.id]?.draftTexts.append(parsed.text)
        return true
    }

    func sendChatAction(_ parameters: JSONObject) throws(BotAPIFault) -> JSONValue {
        let chat = try writableChat(parameters)
        _ = try thread(parameters, in: chat)
        guard parameters["action"]?.string != nil else { throw .bad("wrong parameter action in request") }
        chats[chat.id]?.typing = .now + Self.typingLasts
        return true
    }

    /// What `html` looks like when the bot sends it; `nil` when the server refuses it.
    package func send(html: String, to chat: Int64) -> String? {
        var parameters = JSONObject()
        parameters["chat_id"] = JSONValue(chat)
        parameters["text"] = .string(html)
        parameters["parse_mode"] = "HTML"
        return (try? sendMessage(parameters))?["text"]?.string
    }

    // MARK: What methods share

    func chat(_ parameters: JSONObject) throws(BotAPIFault) -> SimulatedChat {
        guard let id = parameters["chat_id"]?.int64 else { throw .bad("chat_id is empty") }
        guard let chat = chats[id] else { throw .bad("chat not found") }
        return chat
    }

    func writableChat(_ parameters: JSONObject) throws(BotAPIFault) -> SimulatedChat {
        let chat = try chat(parameters)
        if let new = chat.movedTo {
            throw BotAPIFault(400, "Bad Request: group chat was upgraded to a supergroup chat", movedTo: new)
        }
        if let closed = chat.closed { throw BotAPIFault(closed.code, closed.description) }
        return chat
    }

    /// The general topic must not be named, and no topic may be made up.
    func thread(_ parameters: JSONObject, in chat: SimulatedChat) throws(BotAPIFault) -> Int64? {
        guard let thread = parameters["message_thread_id"]?.int64, thread != 0 else { return nil }
        guard thread != 1 || !chat.isForum, chat.topics[thread] != nil else { throw .bad("message thread not found") }
        return thread
    }

    func ownMessage(_ parameters: JSONObject, in chat: SimulatedChat) throws(BotAPIFault) -> Int {
        guard let id = parameters["message_id"]?.int64 else { throw .bad("message identifier is not specified") }
        guard let index = chat.index(of: id) else { throw .bad("message to edit not found") }
        guard chat.messages[index].fromBot else { throw .bad("message can't be edited") }
        return index
    }

    func spend(in chat: SimulatedChat) throws(BotAPIFault) { try flood.spend(in: chat, settings, at: .now) }

    func parse(
        _ source: String?,
        _ parameters: JSONObject,
        tooLong: String,
        limit: Int = mostScalars
    ) throws(BotAPIFault) -> ParsedText {
        guard let source, !source.isEmpty else { throw .bad("message text is empty") }
        guard source.utf8.count <= Self.mostBytes else { throw .bad("text is too long") }
        var text = source
        var entities: [JSONValue] = []
        switch parameters["parse_mode"]?.string?.lowercased() {
        case nil, "", "none": entities = parameters["entities"]?.array ?? []
        case "html":
            do throws(HTMLReader.Failure) {
                let parsed = try HTMLReader.read(source)
                (text, entities) = (parsed.text, parsed.entities.map(\.json))
            } catch {
                throw BotAPIFault(400, error.description)
            }
        default: throw .bad("unsupported parse_mode")
        }
        let trimmed = text.trimmed()
        guard !trimmed.isEmpty else { throw .bad("text must be non-empty") }
        guard trimmed.unicodeScalars.count <= limit else { throw .bad(tooLong) }
        return ParsedText(text: trimmed, entities: Array(entities.prefix(Self.mostEntities)))
    }

    /// Adds a message of the bot to the chat.
    func post(
        _ parsed: ParsedText,
        _ media: SimulatedMessage.Media?,
        in chat: SimulatedChat,
        _ thread: Int64?,
        _ parameters: JSONObject
    ) throws(BotAPIFault) -> JSONValue {
        var chat = chat
        let replyTo = parameters["reply_parameters"]?["message_id"]?.int64
        if let replyTo, chat.index(of: replyTo) == nil,
            parameters["reply_parameters"]?["allow_sending_without_reply"]?.bool != true
        {
            throw .bad("message to be replied not found")
        }
        let id = chat.number()
        var json = JSONObject()
        json["message_id"] = JSONValue(id)
        json["from"] = [
            "id": JSONValue(bot.id), "is_bot": true, "first_name": .string(bot.firstName),
            "username": .string(bot.username ?? ""),
        ]
        json["chat"] = chat.json
        json["date"] = JSONValue(Self.seconds)
        json["message_thread_id"] = thread.map { JSONValue($0) }
        if thread != nil { json["is_topic_message"] = true }
        json[media == nil ? "text" : "caption"] = parsed.text.isEmpty ? nil : .string(parsed.text)
        json[media == nil ? "entities" : "caption_entities"] = parsed.entities.isEmpty ? nil : .array(parsed.entities)
        if let media { json[media.kind] = media.json }
        var message = SimulatedMessage(
            id: id,
            chat: chat.id,
            thread: thread,
            fromBot: true,
            text: parsed.text,
            replyTo: replyTo.flatMap { chat.index(of: $0) == nil ? nil : $0 },
            json: json
        )
        message.entities = parsed.entities.map(\.text)
        message.media = media
        chat.messages.append(message)
        // Any real message takes the draft away.
        chat.drafts[thread ?? 0] = nil
        chat.typing = nil
        chats[chat.id] = chat
        return .object(json)
    }

    static var seconds: Int64 { Int64(Date.now.timeIntervalSince1970) }
}

extension HTMLReader.Entity {
    var json: JSONValue {
        var entity = JSONObject()
        entity["type"] = .string(type)
        entity["offset"] = JSONValue(offset)
        entity["length"] = JSONValue(length)
        entity["url"] = url.map { .string($0) }
        entity["language"] = language.map { .string($0) }
        return .object(entity)
    }
}
