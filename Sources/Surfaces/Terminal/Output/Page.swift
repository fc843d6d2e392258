import SurfaceKit

/// A pipe or a file: only what is final, as the agent wrote it, with an empty line between two messages.
struct Page: Display {
    private var isEmpty = true

    mutating func resize(columns: Int, rows: Int) {}
    mutating func open() -> String { "" }
    mutating func close() -> String { "" }
    mutating func typed(_ lines: [String]) -> String { "" }
    mutating func draft(_ message: ShownMessage) -> String { "" }
    mutating func typing(_ isOn: Bool, of author: String) -> String { "" }
    mutating func notice(_ words: String) -> String { add("(\(Visible.text(words)))") }
    mutating func edit(_ message: ShownMessage, of id: MessageID) -> String { send(message, as: id) }
    mutating func delete(_ id: MessageID, of author: String) -> String { notice("\(author) took a message back") }

    mutating func send(_ message: ShownMessage, as id: MessageID) -> String {
        let mark = message.replyTo.map { "(to message \($0))\n" } ?? ""
        return add(mark + Visible.text(message.text.source))
    }

    private mutating func add(_ text: String) -> String {
        defer { isEmpty = false }
        return "\(isEmpty ? "" : "\n")\(text)\n"
    }
}
