import Basics
import SurfaceKit

/// Finds who said something.
enum Speaker {
    /// `nil` for messages that nobody is to be answered for: of bots, or forwarded by Telegram itself.
    static func sender(of message: JSONValue) -> Sender? {
        // Somebody who speaks as a group or channel; `from` is then a stand-in.
        if let chat = message["sender_chat"], let id = chat["id"]?.int64 {
            return Sender(id: PersonID(String(id)), name: chat["title"]?.string ?? String(id))
        }
        return message["from"].flatMap(sender(user:))
    }

    static func sender(user: JSONValue) -> Sender? {
        guard let id = user["id"]?.int64 else { return nil }
        return Sender(id: PersonID(String(id)), name: name(ofUser: user), language: user["language_code"]?.string)
    }

    static func name(ofUser user: JSONValue) -> String {
        let names = [user["first_name"]?.string, user["last_name"]?.string].compactMap { $0 }.filter { !$0.isEmpty }
        if !names.isEmpty { return names.joined(separator: " ") }
        return user["username"]?.string ?? user["id"]?.int64.map { String($0) } ?? "?"
    }

    /// Whether another bot said it.
    static func isBot(_ message: JSONValue) -> Bool {
        message["sender_chat"] == nil && message["from"]?["is_bot"]?.bool == true
    }
}
