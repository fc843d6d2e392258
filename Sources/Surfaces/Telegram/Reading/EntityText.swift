import Basics

/// A text and the marks on it, whose places Telegram counts in UTF-16 code units.
struct EntityText: Sendable {
    private struct Entity {
        let type: String
        let range: Range<Int>
        let url: String?
        let user: Int64?
    }

    /// What a text says to the bot.
    struct Words: Hashable, Sendable {
        /// Without the mentions of the bot; hidden links are written out.
        var text: String
        /// Whether the bot is mentioned or commanded by name.
        var names: Bool
        /// Whether it begins with a command for another bot.
        var isForAnotherBot: Bool
    }

    private let units: [UInt16]
    private let entities: [Entity]

    /// Reads `text` and `entities`, or `caption` and `caption_entities`.
    init(of message: JSONValue) {
        let isText = message["text"] != nil
        units = Array((message[isText ? "text" : "caption"]?.string ?? "").utf16)
        let limit = units.count
        entities = (message[isText ? "entities" : "caption_entities"]?.array ?? []).compactMap { entity in
            guard let type = entity["type"]?.string, let offset = entity["offset"]?.int64,
                let length = entity["length"]?.int64, offset >= 0, length > 0, offset <= limit,
                length <= Int64(limit) - offset
            else { return nil }
            let range = Int(offset)..<Int(offset + length)
            return Entity(
                type: type,
                range: range,
                url: entity["url"]?.string,
                user: entity["user"]?["id"]?.int64
            )
        }
    }

    /// In UTF-16 code units, as it was sent.
    var length: Int { units.count }

    func words(to bot: BotAccount) -> Words {
        let mentions = entities.filter { isMention($0, of: bot) }.map(\.range)
        let command = entities.first { $0.type == "bot_command" && $0.range.lowerBound == 0 }
        let addressee = command.flatMap { text(of: $0.range).split(separator: "@").dropFirst().first }
        return Words(
            text: text(without: mentions),
            names: !mentions.isEmpty || addressee.map(bot.isCalled) ?? false,
            isForAnotherBot: addressee.map { !bot.isCalled($0) } ?? false
        )
    }

    private func isMention(_ entity: Entity, of bot: BotAccount) -> Bool {
        switch entity.type {
        case "mention": bot.isCalled(text(of: entity.range))
        case "text_mention": entity.user == bot.id
        default: false
        }
    }

    private func text(of range: Range<Int>) -> String { String(decoding: units[range], as: UTF16.self) }

    private func text(without mentions: [Range<Int>]) -> String {
        var removed = mentions.map(widened)[...]
        var links = entities.filter { $0.type == "text_link" && $0.url != nil }[...]
        var result: [UInt16] = []
        for (index, unit) in units.enumerated() {
            while let first = removed.first, first.upperBound <= index { removed.removeFirst() }
            if removed.first?.contains(index) != true { result.append(unit) }
            while let link = links.first, link.range.upperBound <= index + 1 {
                links.removeFirst()
                if let url = link.url, text(of: link.range) != url { result += Array(" (\(url))".utf16) }
            }
        }
        return String(decoding: result, as: UTF16.self).trimmed()
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
}
