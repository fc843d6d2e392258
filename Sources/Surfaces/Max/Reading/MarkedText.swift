import Basics

/// A text and the marks on it, whose places MAX counts in UTF-16 code units.
struct MarkedText: Sendable {
    /// What a text says to the bot.
    struct Words: Hashable, Sendable {
        /// Without the mentions of the bot; hidden links are written out.
        var text: String
        /// Whether the bot is mentioned or commanded by name.
        var names: Bool
        /// Whether it begins with a command for another bot.
        var isForAnotherBot: Bool
    }

    private struct Mark {
        let type: String
        let range: Range<Int>
        let json: JSONValue
    }

    private let units: [UInt16]
    private let marks: [Mark]

    /// Reads `text` and `markup` of a message’s body.
    init(of body: JSONValue?) {
        units = Array((body?["text"]?.string ?? "").utf16)
        let limit = Int64(units.count)
        marks = (body?["markup"]?.array ?? []).compactMap { mark in
            guard let type = mark["type"]?.string, let start = mark["from"]?.int64, let length = mark["length"]?.int64,
                start >= 0, length > 0, start <= limit, length <= limit - start
            else { return nil }
            return Mark(type: type, range: Int(start)..<Int(start + length), json: mark)
        }.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    func words(to bot: BotAccount) -> Words {
        let marked = marks.filter { isMention($0, of: bot) }.map(\.range)
        let mentions = marked.isEmpty ? plainMentions(of: bot) : marked
        let addressee = commandAddressee
        return Words(
            text: text(without: mentions),
            names: !mentions.isEmpty || addressee.map(bot.isCalled) ?? false,
            isForAnotherBot: addressee.map { !bot.isCalled($0) } ?? false
        )
    }

    private func isMention(_ mark: Mark, of bot: BotAccount) -> Bool {
        guard mark.type == "user_mention", !isInCommand(mark.range) else { return false }
        return mark.json["user_id"]?.int64 == bot.id || bot.isCalled(mark.json["user_link"]?.string ?? "")
            || bot.isCalled(text(of: mark.range))
    }

    /// Mentions that came without marks.
    private func plainMentions(of bot: BotAccount) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = 0
        while index < units.count {
            var end = index + 1
            guard units[index] == 0x40, index == 0 || !Self.isWord(units[index - 1]) else {
                index = end
                continue
            }
            while end < units.count, Self.isWord(units[end]) { end += 1 }
            if bot.isCalled(text(of: index..<end)), !isInCommand(index..<end) { found.append(index..<end) }
            index = end
        }
        return found
    }

    /// Whom `/command@name` is for.
    private var commandAddressee: Substring? {
        guard units.first == 0x2F else { return nil }
        let end = units.firstIndex(where: Self.isSpace) ?? units.count
        return text(of: 0..<end).split(separator: "@", maxSplits: 1).dropFirst().first
    }

    /// The name behind a command belongs to it.
    private func isInCommand(_ range: Range<Int>) -> Bool {
        guard units.first == 0x2F, range.lowerBound > 0 else { return false }
        return range.lowerBound < units.firstIndex(where: Self.isSpace) ?? units.count
    }

    private func text(of range: Range<Int>) -> String { String(decoding: units[range], as: UTF16.self) }

    private func text(without mentions: [Range<Int>]) -> String {
        var removed = mentions.map(widened)[...]
        var links = marks.filter { $0.type == "link" && $0.json["url"]?.string != nil }[...]
        var result: [UInt16] = []
        for (index, unit) in units.enumerated() {
            while let first = removed.first, first.upperBound <= index { removed.removeFirst() }
            if removed.first?.contains(index) != true { result.append(unit) }
            while let link = links.first, link.range.upperBound <= index + 1 {
                links.removeFirst()
                if let url = link.json["url"]?.string, !Self.shows(text(of: link.range), url) {
                    result += Array(" (\(url))".utf16)
                }
            }
        }
        let text = String(decoding: result, as: UTF16.self)
        return mentions.isEmpty ? text : text.trimmed()
    }

    /// Whether the words of a link are its address, which may lack the scheme.
    private static func shows(_ words: String, _ url: String) -> Bool {
        url == words || url.hasSuffix("://\(words)") || url.hasSuffix("://\(words)/")
    }

    /// A mention with the comma or colon and the space behind it.
    private func widened(_ mention: Range<Int>) -> Range<Int> {
        var end = mention.upperBound
        let opens = mention.lowerBound == 0
        if opens, end < units.count, units[end] == 0x2C || units[end] == 0x3A { end += 1 }
        let spaceBefore = opens || Self.isSpace(units[mention.lowerBound - 1])
        if spaceBefore, end < units.count, Self.isSpace(units[end]) { end += 1 }
        return mention.lowerBound..<end
    }

    private static func isSpace(_ unit: UInt16) -> Bool { unit == 0x20 || unit == 0x0A || unit == 0xA0 }

    /// Names may hold hyphens: `test-bot`.
    private static func isWord(_ unit: UInt16) -> Bool {
        unit == 0x2D || UInt8(exactly: unit).map(isASCIIWordByte) ?? false
    }
}
