import Basics

/// What an agent asks before it goes on, in words.
enum AGUIOpenQuestion {
    /// The longest that is shown, in characters.
    private static let longest = 1000

    /// The question of an interrupt, or of the value of a `CUSTOM` event that announces one; `nil` when it has no words.
    ///
    /// The value may be JSON text, and its form is the agent’s own.
    static func text(of value: JSONValue?) -> String? {
        guard let value else { return nil }
        if let text = value.string {
            if let parsed = try? JSONValue(parsing: text.utf8), parsed.object != nil || parsed.array != nil {
                return self.text(of: parsed)
            }
            return words(text)
        }
        if let list = value.array ?? value["action_requests"]?.array {
            return words(list.compactMap { self.text(of: $0) }.joined(separator: "\n"))
        }
        for key in ["message", "question", "description", "prompt", "text"] {
            if let text = value[key]?.string.flatMap(words) { return text }
        }
        let inner = value["metadata"]?["langgraph"]?["raw"] ?? value["metadata"]?["reason"]
        return inner.flatMap { self.text(of: $0) }
    }

    private static func words(_ text: String) -> String? {
        let words = text.drop(while: \.isWhitespace).prefix(longest)
        return words.isEmpty ? nil : String(words)
    }
}
