import Basics

/// Telegram’s “HTML style” as its server parses it (td, MessageEntity.cpp: parse_html), errors included.
struct HTMLReader {
    struct Failure: Error {
        let description: String
    }

    struct Entity: Hashable, Sendable {
        let type: String
        /// In UTF-16 code units.
        let offset: Int
        let length: Int
        let url: String?
        let language: String?
    }

    private struct Open {
        let tag: String
        let argument: String
        let offset: Int
        let byte: Int
    }

    private static let tags: Set<String> = [
        "a", "b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "span", "tg-spoiler",
        "tg-emoji",
        "tg-time", "blockquote",
    ]

    private let source: [UInt8]
    private var position = 0
    private var text: [UInt8] = []
    private var units = 0
    private var open: [Open] = []
    private var entities: [Entity] = []

    /// The characters that are left, and what marks them.
    static func read(_ source: String) throws(Failure) -> (text: String, entities: [Entity]) {
        var reader = HTMLReader(source: Array(source.utf8))
        try reader.run()
        return (String(decoding: reader.text, as: UTF8.self), reader.entities)
    }

    private init(source: [UInt8]) { self.source = source }

    private mutating func run() throws(Failure) {
        while position < source.count {
            switch source[position] {
            case UInt8(ascii: "&"): entity()
            case UInt8(ascii: "<"):
                if position + 1 < source.count, source[position + 1] == UInt8(ascii: "/") {
                    try endTag()
                } else {
                    try startTag()
                }
            case let byte:
                append(byte)
                position += 1
            }
        }
        guard let last = open.last else { return }
        throw fail("Can't find end tag corresponding to start tag \"\(last.tag)\"")
    }

    // MARK: Characters

    private mutating func append(_ byte: UInt8) {
        text.append(byte)
        // Continuation bytes are no unit of their own; four bytes are two units.
        if byte & 0xC0 != 0x80 { units += byte >= 0xF0 ? 2 : 1 }
    }

    private mutating func entity() {
        let rest = source[position...].prefix(12)
        guard let end = rest.firstIndex(of: UInt8(ascii: ";")) else { return literal() }
        let name = String(decoding: rest[(position + 1)..<end], as: UTF8.self)
        guard let scalar = Self.scalar(name) else { return literal() }
        for byte in String(scalar).utf8 { append(byte) }
        position = end + 1
    }

    private mutating func literal() {
        append(source[position])
        position += 1
    }

    private static func scalar(_ name: String) -> Unicode.Scalar? {
        switch name {
        case "lt": return "<"
        case "gt": return ">"
        case "amp": return "&"
        case "quot": return "\""
        default: break
        }
        guard name.first == "#" else { return nil }
        let digits = name.dropFirst()
        let value = digits.first == "x" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return value.flatMap { $0 > 0 ? Unicode.Scalar($0) : nil }
    }

    // MARK: Tags

    private mutating func endTag() throws(Failure) {
        let begin = position
        position += 2
        let name = word()
        while position < source.count, isSpace(source[position]) { position += 1 }
        guard position < source.count, source[position] == UInt8(ascii: ">") else {
            throw fail("Unclosed end tag at byte offset \(begin)")
        }
        position += 1
        guard let last = open.popLast() else { throw fail("Unexpected end tag at byte offset \(begin)") }
        guard name.isEmpty || name == last.tag else {
            throw fail("Unmatched end tag at byte offset \(begin), expected \"</\(last.tag)>\", found \"</\(name)>\"")
        }
        close(last)
    }

    private mutating func startTag() throws(Failure) {
        let begin = position
        position += 1
        let name = word()
        guard position < source.count else { throw fail("Unclosed start tag at byte offset \(begin)") }
        guard Self.tags.contains(name) else {
            throw fail("Unsupported start tag \"\(name)\" at byte offset \(begin)")
        }
        let attributes = try attributes(of: name, begin)
        var argument = ""
        switch name {
        case "a": argument = attributes["href"] ?? ""
        case "code": argument = attributes["class"].flatMap { $0.hasPrefix("language-") ? $0 : nil } ?? ""
        case "span" where attributes["class"] != "tg-spoiler":
            throw fail("Tag \"span\" must have class \"tg-spoiler\" at byte offset \(begin)")
        default: break
        }
        open.append(Open(tag: name, argument: argument, offset: units, byte: text.count))
    }

    private mutating func attributes(of tag: String, _ begin: Int) throws(Failure) -> [String: String] {
        var attributes: [String: String] = [:]
        while true {
            while position < source.count, isSpace(source[position]) { position += 1 }
            guard position < source.count else { throw fail("Unclosed start tag \"\(tag)\" at byte offset \(begin)") }
            if source[position] == UInt8(ascii: ">") {
                position += 1
                return attributes
            }
            let name = word(until: "=>")
            guard !name.isEmpty else {
                throw fail("Empty attribute name in the tag \"\(tag)\" at byte offset \(position)")
            }
            guard position < source.count, source[position] == UInt8(ascii: "=") else {
                attributes[name] = ""
                continue
            }
            position += 1
            attributes[name] = try attributeValue(tag, begin)
        }
    }

    private mutating func attributeValue(_ tag: String, _ begin: Int) throws(Failure) -> String {
        guard position < source.count else { throw fail("Unclosed start tag \"\(tag)\" at byte offset \(begin)") }
        let quote = source[position]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw fail("Unexpected end of name token at byte offset \(position)")
        }
        position += 1
        guard let end = source[position...].firstIndex(of: quote) else {
            throw fail("Unclosed start tag at byte offset \(begin)")
        }
        defer { position = end + 1 }
        var value = HTMLReader(source: Array(source[position..<end]))
        while value.position < value.source.count {
            if value.source[value.position] == UInt8(ascii: "&") { value.entity() } else { value.literal() }
        }
        return String(decoding: value.text, as: UTF8.self)
    }

    private mutating func close(_ tag: Open) {
        let length = units - tag.offset
        guard length > 0 else { return }
        func add(_ type: String, url: String? = nil, language: String? = nil) {
            entities.append(Entity(type: type, offset: tag.offset, length: length, url: url, language: language))
        }
        switch tag.tag {
        case "b", "strong": add("bold")
        case "i", "em": add("italic")
        case "u", "ins": add("underline")
        case "s", "strike", "del": add("strikethrough")
        case "span", "tg-spoiler": add("spoiler")
        case "blockquote": add("blockquote")
        case "a" where tag.argument.contains("://") || tag.argument.hasPrefix("mailto:"):
            add("text_link", url: tag.argument)
        case "code" where !tag.argument.isEmpty && open.last?.tag == "pre":
            // Becomes the language of the surrounding `pre`.
            add("code-language", language: String(tag.argument.dropFirst("language-".count)))
        case "code": add("code")
        case "pre":
            let inner = entities.lastIndex {
                $0.type == "code-language" && $0.offset == tag.offset && $0.length == length
            }
            let language = inner.map { entities.remove(at: $0).language } ?? nil
            add("pre", language: language)
        default: break
        }
    }

    // MARK: Words

    private mutating func word(until ends: String = ">") -> String {
        let start = position
        while position < source.count, !isSpace(source[position]), !ends.utf8.contains(source[position]) {
            position += 1
        }
        return String(decoding: source[start..<position], as: UTF8.self).lowercased()
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private func fail(_ description: String) -> Failure {
        Failure(description: "Bad Request: can't parse entities: \(description)")
    }
}
