import Basics

/// How messages are made, and what they look like when they are delivered.
extension MaxSimulator {
    /// The parts of a mid are the chat and the time: `mid.` and 32 hexadecimal digits.
    func makeMessage(in chat: Int64, by sender: Int64, _ text: String) -> MaxMessage {
        lastSeq = max(lastSeq + 1, Self.milliseconds << 16)
        let number = hex(Self.bytes(chat)) + hex(Self.bytes(lastSeq))
        return MaxMessage(mid: "mid.\(number)", seq: lastSeq, chat: chat, sender: sender, text: text)
    }

    private static func bytes(_ number: Int64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }

    func sender(_ id: Int64) -> JSONValue { (id == bot.id ? bot : people[id])?.json ?? .null }

    /// A message as it is delivered; what is empty is left out.
    func json(of message: MaxMessage) -> JSONValue {
        let chat = chats[message.chat]
        var recipient = JSONObject()
        recipient["chat_id"] = JSONValue(message.chat)
        recipient["chat_type"] = .string(chat?.kind.rawValue ?? "chat")
        // Who receives it, not who is at the other end.
        if chat?.kind == .dialog {
            recipient["user_id"] = JSONValue(message.sender == bot.id ? chat?.person ?? 0 : bot.id)
        }
        var json = JSONObject()
        json["recipient"] = .object(recipient)
        json["timestamp"] = JSONValue(message.timestamp)
        json["body"] = body(of: message)
        json["sender"] = sender(message.sender)
        json["link"] = message.link.map(self.json)
        return .object(json)
    }

    private func json(of link: MaxMessage.Link) -> JSONValue {
        let (type, message) =
            switch link {
            case .reply(let message): ("reply", message)
            case .forward(let message): ("forward", message)
            }
        var json = JSONObject()
        json["type"] = .string(type)
        json["sender"] = sender(message.sender)
        json["chat_id"] = JSONValue(message.chat)
        json["message"] = body(of: message)
        return .object(json)
    }

    private func body(of message: MaxMessage) -> JSONValue {
        var body = JSONObject()
        body["mid"] = .string(message.mid)
        body["seq"] = JSONValue(message.seq)
        body["text"] = .string(message.text)
        if !message.attachments.isEmpty { body["attachments"] = .array(message.attachments.map(json)) }
        if !message.markup.isEmpty { body["markup"] = .array(message.markup) }
        return .object(body)
    }
}
