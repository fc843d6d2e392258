import Basics

/// Reads the two formats of texts as the service does: what it does not know is dropped or left, never an error.
package enum MaxMarkup {
    package struct Text {
        package var text = ""
        package var markup: [JSONValue] = []
    }

    package static func read(_ source: String, format: String?) -> Text {
        switch format {
        case "html": HTMLMarkup.read(source)
        case "markdown": MarkdownMarkup.read(source)
        default: Text(text: source)
        }
    }

    static func mark(_ type: String, _ start: Int, _ end: Int, url: String? = nil) -> JSONValue {
        var mark = JSONObject()
        mark["type"] = .string(type)
        mark["from"] = JSONValue(start)
        mark["length"] = JSONValue(end - start)
        if let url, url.hasPrefix("max://user/") {
            mark["type"] = "user_mention"
            mark["user_id"] = Int64(url.dropFirst(11)).map { JSONValue($0) }
        } else {
            mark["url"] = url.map { .string($0) }
        }
        return .object(mark)
    }
}

/// Tags become marks, entities characters; a tag that is not known is stripped.
private enum HTMLMarkup {
    private static let tags = [
        "i": "emphasized", "em": "emphasized", "b": "strong", "strong": "strong", "s": "strikethrough",
        "del": "strikethrough", "u": "underline", "ins": "underline", "code": "monospaced", "pre": "monospaced",
        "h1": "heading", "mark": "highlighted", "a": "link",
    ]
    private static let entities = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}"]

    static func read(_ source: String) -> MaxMarkup.Text {
        var result = MaxMarkup.Text()
        var open: [(tag: String, start: Int, url: String?)] = []
        var rest = source[...]
        while let character = rest.first {
            if character == "<", let end = rest.firstIndex(of: ">") {
                let inner = rest[rest.index(after: rest.startIndex)..<end]
                rest = rest[rest.index(after: end)...]
                take(inner, &open, &result)
            } else if character == "&", let (text, length) = entity(rest) {
                result.text += text
                rest = rest.dropFirst(length)
            } else {
                result.text.append(character)
                rest = rest.dropFirst()
            }
        }
        return result
    }

    private static func take(
        _ inner: Substring,
        _ open: inout [(tag: String, start: Int, url: String?)],
        _ result: inout MaxMarkup.Text
    ) {
        let name = inner.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber }.lowercased()
        let place = result.text.utf16.count
        guard inner.first == "/" else {
            let url = inner.firstRange(of: "href=\"").map { String(inner[$0.upperBound...].prefix { $0 != "\"" }) }
            if tags[name] != nil { open.append((name, place, url.map { read($0).text })) }
            return
        }
        guard let index = open.lastIndex(where: { $0.tag == name }), let type = tags[name] else { return }
        let tag = open.remove(at: index)
        if place > tag.start { result.markup.append(MaxMarkup.mark(type, tag.start, place, url: tag.url)) }
    }

    private static func entity(_ text: Substring) -> (String, Int)? {
        guard let end = text.prefix(10).firstIndex(of: ";") else { return nil }
        let name = text[text.index(after: text.startIndex)..<end]
        let length = text.distance(from: text.startIndex, to: end) + 1
        if let known = entities[String(name)] { return (known, length) }
        guard name.first == "#" else { return nil }
        let digits = name.dropFirst()
        let number = digits.first == "x" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return number.flatMap(Unicode.Scalar.init).map { (String(Character($0)), length) }
    }
}

/// Pairs of marks around words, and links; nothing nests.
private enum MarkdownMarkup {
    private static let marks = [
        ("**", "strong"), ("__", "strong"), ("~~", "strikethrough"), ("++", "underline"), ("^^", "highlighted"),
        ("*", "emphasized"), ("_", "emphasized"), ("`", "monospaced"),
    ]

    static func read(_ source: String) -> MaxMarkup.Text {
        var result = MaxMarkup.Text()
        var rest = source[...]
        while let character = rest.first {
            if let (inner, type, after) = span(rest) {
                let start = result.text.utf16.count
                result.text += inner
                result.markup.append(MaxMarkup.mark(type, start, result.text.utf16.count))
                rest = after
            } else if character == "[", let (words, url, after) = link(rest) {
                let start = result.text.utf16.count
                result.text += words
                result.markup.append(MaxMarkup.mark("link", start, result.text.utf16.count, url: url))
                rest = after
            } else {
                rest = rest.dropFirst()
                if character == "\\", let escaped = rest.popFirst() {
                    result.text.append(escaped)
                } else {
                    result.text.append(character)
                }
            }
        }
        return result
    }

    private static func span(_ text: Substring) -> (String, String, Substring)? {
        for (mark, type) in marks where text.hasPrefix(mark) {
            let inner = text.dropFirst(mark.count)
            guard let end = inner.firstRange(of: mark), end.lowerBound > inner.startIndex else { continue }
            return (String(inner[..<end.lowerBound]), type, inner[end.upperBound...])
        }
        return nil
    }

    private static func link(_ text: Substring) -> (String, String, Substring)? {
        guard let middle = text.firstRange(of: "]("), let end = text[middle.upperBound...].firstIndex(of: ")") else {
            return nil
        }
        let words = text[text.index(after: text.startIndex)..<middle.lowerBound]
        return (String(words), String(text[middle.upperBound..<end]), text[text.index(after: end)...])
    }
}
