import Basics
import SurfaceKit

/// Finds who did something.
enum Speaker {
    static func sender(_ user: JSONValue?, locale: JSONValue? = nil) -> Sender? {
        guard let user, let id = user["user_id"]?.int64 else { return nil }
        return Sender(id: PersonID(String(id)), name: name(of: user), language: locale.flatMap(language))
    }

    static func name(of user: JSONValue) -> String {
        let names = [user["first_name"]?.string, user["last_name"]?.string].compactMap { $0 }.filter { !$0.isEmpty }
        if !names.isEmpty { return names.joined(separator: " ") }
        return user["name"]?.string ?? user["username"]?.string ?? user["user_id"]?.int64.map { String($0) } ?? "?"
    }

    /// BCP 47 of what may also be written `ru_RU`.
    private static func language(_ locale: JSONValue) -> String? {
        guard let text = locale.string, !text.isEmpty else { return nil }
        return text.replacing("_", with: "-")
    }
}
