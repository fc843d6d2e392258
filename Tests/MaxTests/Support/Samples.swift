import Basics

@testable import Max

/// Updates as the service delivers them.
enum Samples {
    static let bot = account(["user_id": 42, "is_bot": true, "first_name": "Helper", "username": "helper_bot"])

    static func account(_ user: JSONValue) -> BotAccount {
        guard let account = BotAccount(user) else { preconditionFailure("no account") }
        return account
    }

    static let ann: JSONValue = [
        "user_id": 7, "is_bot": false, "first_name": "Ann", "last_name": "Lee", "name": "Ann Lee",
    ]
    static let helper: JSONValue = ["user_id": 42, "is_bot": true, "first_name": "Helper", "username": "helper_bot"]
    static let dialog: JSONValue = ["chat_id": 45, "chat_type": "dialog", "user_id": 42]
    static let group: JSONValue = ["chat_id": -100, "chat_type": "chat"]

    /// A new message of Ann with the members of `body`, in the dialog unless it says otherwise.
    static func message(
        _ body: JSONValue,
        in recipient: JSONValue = dialog,
        by sender: JSONValue? = ann,
        link: JSONValue? = nil,
        kind: String = "message_created"
    ) -> JSONValue {
        var content = JSONObject([.init(key: "mid", value: "mid.1"), .init(key: "seq", value: 1)])
        for member in body.object?.members ?? [] { content[member.key] = member.value }
        var message = JSONObject()
        message["recipient"] = recipient
        message["timestamp"] = 1_790_000_000_000
        message["body"] = .object(content)
        message["sender"] = sender
        message["link"] = link
        var update = JSONObject()
        update["update_type"] = .string(kind)
        update["timestamp"] = 1_790_000_000_000
        update["user_locale"] = "ru"
        update["message"] = .object(message)
        return .object(update)
    }

    static func mark(_ type: String, _ start: Int, _ length: Int, _ more: JSONValue = [:]) -> JSONValue {
        var mark = JSONObject()
        mark["type"] = .string(type)
        mark["from"] = JSONValue(start)
        mark["length"] = JSONValue(length)
        for member in more.object?.members ?? [] { mark[member.key] = member.value }
        return .object(mark)
    }
}
