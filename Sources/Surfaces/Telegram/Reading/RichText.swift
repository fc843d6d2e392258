import Basics

/// The characters of a rich message (Bot API 10.1), which has no `text`.
enum RichText {
    /// Blocks separated by line ends; `nil` when the message is not rich or shows nothing.
    static func plain(_ message: JSONValue) -> String? {
        guard let blocks = message["rich_message"]?["blocks"]?.array else { return nil }
        let text = blocks.map { block($0, depth: 0) }.filter { !$0.isEmpty }.joined(separator: "\n\n")
        return text.isEmpty ? nil : text
    }

    /// Deeper than any server allows.
    private static let deepest = 24

    private static func block(_ block: JSONValue, depth: Int) -> String {
        guard depth < deepest else { return "" }
        if let cells = block["cells"]?.array { return table(cells, depth: depth) }
        let own = [block["summary"], block["text"], block["expression"], block["caption"]].compactMap { $0 }
            .map { inline($0, depth: depth + 1) }
        let items = (block["items"]?.array ?? []).map { item in
            [item["label"]?.string ?? "•", blocks(item, depth: depth)].joined(separator: " ")
        }
        return (own + items + [blocks(block, depth: depth)]).filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private static func blocks(_ parent: JSONValue, depth: Int) -> String {
        (parent["blocks"]?.array ?? []).map { block($0, depth: depth + 1) }.joined(separator: "\n")
    }

    private static func table(_ rows: [JSONValue], depth: Int) -> String {
        rows.map { row in
            (row.array ?? []).map { inline($0["text"] ?? "", depth: depth + 1) }.joined(separator: " | ")
        }.joined(separator: "\n")
    }

    /// A string, an array of texts, or one text in a form of its own.
    private static func inline(_ text: JSONValue, depth: Int) -> String {
        guard depth < deepest else { return "" }
        if let string = text.string { return string }
        if let texts = text.array { return texts.map { inline($0, depth: depth + 1) }.joined() }
        let words = (text["text"] ?? text["expression"] ?? text["alternative_text"]).map {
            inline($0, depth: depth + 1)
        }
        guard let url = text["url"]?.string, url != words else { return words ?? "" }
        return "\(words ?? "") (\(url))"
    }
}
