import Basics

extension RoomSnapshot {
    /// For who looks from another process.
    var json: JSONValue {
        [
            "id": .string(id), "name": .string(name), "encrypted": .bool(isEncrypted),
            "successor": successor.map { .string($0) } ?? .null, "typing": .array(typing.map { .string($0) }),
            "read": .object(
                JSONObject(read.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: .string($0.value)) })
            ),
            "members": .object(JSONObject(members.map { .init(key: $0.id, value: .string($0.membership)) })),
            "messages": .array(messages.map(\.json)),
        ]
    }
}

extension RoomSnapshot.Message {
    fileprivate var json: JSONValue {
        var json = JSONObject()
        json["id"] = .string(id)
        json["sender"] = .string(sender)
        json["kind"] = .string(kind)
        json["text"] = .string(text)
        json["html"] = html.map { .string($0) }
        json["thread"] = thread.map { .string($0) }
        json["reply_to"] = replyTo.map { .string($0) }
        json["versions"] = .array(versions.map { .string($0) })
        json["mentions"] = .array(mentions.map { .string($0) })
        json["file"] = file.map {
            [
                "name": .string($0.name), "mime_type": .string($0.mimeType), "size": JSONValue($0.size),
                "address": .string($0.address),
            ]
        }
        return .object(json)
    }
}
