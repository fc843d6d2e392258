import Basics

/// Finds out whether a message names the bot, and takes the name out of its text.
struct BotMention: Hashable, Sendable {
    /// The bot's Matrix identifier.
    let user: String
    let displayName: String?

    /// "User and room mentions": what `m.mentions` says counts; only without it the text is searched.
    ///
    /// - Parameter text: What the sender said, without quotation.
    func isMade(in content: JSONValue, saying text: String) -> Bool {
        if let mentions = content["m.mentions"] {
            return mentions["user_ids"]?.array?.contains(.string(user)) ?? false
        }
        return !pills(in: content).isEmpty || text.contains(user) || withoutLeadingName(text, content) != nil
    }

    /// `text` without the name with which it begins or ends.
    func stripped(_ text: String, of content: JSONValue) -> String {
        let text = text.trimmed()
        if let rest = withoutLeadingName(text, content) { return rest }
        for label in strongLabels(content) where text.lowercased().hasSuffix(label) {
            let rest = text.dropLast(label.count)
            guard rest.last?.isWhitespace ?? true else { continue }
            return rest.trimmed()
        }
        return text
    }

    private func withoutLeadingName(_ text: String, _ content: JSONValue) -> String? {
        let lowercased = text.lowercased()
        for label in strongLabels(content) where lowercased.hasPrefix(label) {
            let rest = text.dropFirst(label.count)
            guard let next = rest.first else { return "" }
            if next == ":" || next == "," { return rest.dropFirst().trimmed() }
            if next.isWhitespace { return rest.trimmed() }
        }
        // A bare name is a word like any other, unless it is followed by a mark of address.
        for label in weakLabels where lowercased.hasPrefix(label) {
            let rest = text.dropFirst(label.count)
            if rest.first == ":" || rest.first == "," { return rest.dropFirst().trimmed() }
        }
        return nil
    }

    /// What can only mean the bot, lowercased, longest first.
    private func strongLabels(_ content: JSONValue) -> [String] {
        let pills = pills(in: content)
        let links = pills.map { "[\($0.text)](\($0.address))" }
        let names = [displayName, localPart].compactMap { $0 }.filter { !$0.isEmpty }.map { "@" + $0 }
        return ([user] + links + pills.map(\.text) + names).filter { !$0.isEmpty }.map { $0.lowercased() }
            .sorted { $0.count > $1.count }
    }

    private var weakLabels: [String] {
        [displayName, localPart].compactMap { $0?.lowercased() }.filter { !$0.isEmpty }.sorted { $0.count > $1.count }
    }

    private var localPart: String? {
        user.dropFirst().split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init)
    }

    /// Links to the bot in the HTML of a message: what clients make of a mention.
    private func pills(in content: JSONValue) -> [HTMLLink] {
        guard let html = content["formatted_body"]?.string else { return [] }
        // Older clients repeat what they answer at the beginning, with the names in it.
        let start = html.hasPrefix("<mx-reply>") ? html.firstRange(of: "</mx-reply>")?.upperBound : nil
        return HTMLLink.all(in: String(html[(start ?? html.startIndex)...])).filter { $0.matrixUser == user }
    }
}

/// A link in a message's HTML.
struct HTMLLink: Hashable {
    let address: String
    /// What stands between the tags, without markup of its own.
    let text: String

    /// The user that a `matrix.to` or `matrix:` link points to.
    var matrixUser: String? {
        for (start, sigil) in [("https://matrix.to/#/", ""), ("http://matrix.to/#/", ""), ("matrix:u/", "@")]
        where address.hasPrefix(start) {
            let path = address.dropFirst(start.count).prefix { $0 != "?" && $0 != "/" }
            return String(path).percentDecoded.map { sigil + $0 }
        }
        return nil
    }

    /// The links of `html`, found without parsing it: good enough for what clients write.
    static func all(in html: String) -> [HTMLLink] {
        html.split(separator: "<a ").dropFirst(html.hasPrefix("<a ") ? 0 : 1).compactMap { part in
            guard let tagEnd = part.firstIndex(of: ">"), let start = part[..<tagEnd].firstRange(of: "href=") else {
                return nil
            }
            guard let quote = part[start.upperBound...].first, quote == "\"" || quote == "'" else { return nil }
            let address = part[start.upperBound...].dropFirst().prefix { $0 != quote }
            let rest = part[part.index(after: tagEnd)...]
            let text = rest[..<(rest.firstRange(of: "</a>")?.lowerBound ?? rest.endIndex)]
            return HTMLLink(address: String(address).withoutEntities, text: String(text).withoutEntities)
        }
    }
}

extension String {
    /// The characters that HTML had to write as entities.
    fileprivate var withoutEntities: String {
        guard contains("&") else { return self }
        let entities = [
            ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&amp;", "&"),
        ]
        return entities.reduce(self) { text, entity in text.replacing(entity.0, with: entity.1) }
    }
}
