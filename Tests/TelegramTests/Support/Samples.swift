import Basics

@testable import Telegram

/// Updates as the Bot API delivers them.
enum Samples {
    static let bot = account(topics: false)

    static func account(topics: Bool) -> BotAccount {
        let user: JSONValue = [
            "id": 42, "is_bot": true, "first_name": "Helper", "username": "Helper_Bot",
            "has_topics_enabled": .bool(topics),
        ]
        guard let account = BotAccount(user) else { preconditionFailure("no account") }
        return account
    }

    static let ann: JSONValue = [
        "id": 7, "is_bot": false, "first_name": "Ann", "last_name": "Lee", "language_code": "en",
    ]
    static let direct: JSONValue = ["id": 7, "type": "private", "first_name": "Ann"]
    static let group: JSONValue = ["id": -100_500, "type": "supergroup", "title": "Team"]
    static let forum: JSONValue = ["id": -100_600, "type": "supergroup", "title": "Forum", "is_forum": true]

    /// A message of Ann with the members of `content`, in the private chat unless it says otherwise.
    static func message(_ content: JSONValue, in chat: JSONValue = direct, number: Int64 = 10) -> JSONValue {
        var message = JSONObject()
        message["message_id"] = JSONValue(number)
        message["from"] = ann
        message["chat"] = chat
        message["date"] = 1_790_000_000
        for member in content.object?.members ?? [] { message[member.key] = member.value }
        return .object(message)
    }

    static func update(_ kind: String, _ content: JSONValue, id: Int64 = 1) -> JSONValue {
        .object(JSONObject([.init(key: "update_id", value: JSONValue(id)), .init(key: kind, value: content)]))
    }

    static func entity(_ type: String, _ offset: Int, _ length: Int, _ more: JSONValue = [:]) -> JSONValue {
        var entity = JSONObject()
        entity["type"] = .string(type)
        entity["offset"] = JSONValue(offset)
        entity["length"] = JSONValue(length)
        for member in more.object?.members ?? [] { entity[member.key] = member.value }
        return .object(entity)
    }
}
