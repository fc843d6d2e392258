import SurfaceKit

/// Writes a formatted text in the HTML that the Bot API parses ("HTML style").
///
/// What Telegram has no form for keeps its words: headings are bold, tables monospaced, pictures links.
enum TelegramHTML {
    static func text(of text: FormattedText) -> TelegramText {
        text.blocks.map { block($0, in: Surroundings()) }.joined(separator: "\n\n")
    }

    /// Where a block stands.
    private struct Surroundings {
        var indent = ""
        /// Quotations cannot lie within each other.
        var isQuoted = false
    }

    // MARK: Blocks

    private static func block(_ block: FormattedText.Block, in place: Surroundings) -> TelegramText {
        switch block {
        case .paragraph(let inlines): text(inlines)
        case .heading(_, let inlines): text(inlines).within("b")
        case .code(let language, let code): self.code(code, language)
        case .quote(let blocks): quote(blocks, in: place)
        case .list(let list): self.list(list, in: place)
        case .table(let table): TelegramText(escaping: TableText.monospaced(table)).within("pre")
        case .rule: TelegramText(escaping: "———")
        }
    }

    private static func code(_ code: String, _ language: String?) -> TelegramText {
        let text = TelegramText(escaping: code)
        guard let language, !language.isEmpty else { return text.within("pre") }
        return text.within("code", " class=\"language-\(language.escapedForHTML)\"").within("pre")
    }

    private static func quote(_ blocks: [FormattedText.Block], in place: Surroundings) -> TelegramText {
        let inner = Surroundings(indent: place.indent, isQuoted: true)
        let text = blocks.map { block($0, in: inner) }.joined(separator: "\n\n")
        return place.isQuoted ? text : text.within("blockquote")
    }

    private static func list(_ list: FormattedText.List, in place: Surroundings) -> TelegramText {
        let inner = Surroundings(indent: place.indent + "   ", isQuoted: place.isQuoted)
        return list.items.enumerated().map { position, item in
            let number = list.start.map { "\($0 + position). " }
            let task = item.isDone.map { $0 ? "☑ " : "☐ " }
            let mark = (number ?? (task == nil ? "• " : "")) + (task ?? "")
            return TelegramText(escaping: place.indent + mark) + content(of: item, in: inner)
        }.joined(separator: list.isTight ? "\n" : "\n\n")
    }

    private static func content(of item: FormattedText.Item, in place: Surroundings) -> TelegramText {
        item.blocks.enumerated().map { position, block in
            let text = self.block(block, in: place)
            // What is copied out of a code block must not carry our indentation; lists bring their own.
            if position == 0 || !block.isParagraph { return text }
            return TelegramText(escaping: place.indent) + text
        }.joined(separator: "\n")
    }

    // MARK: Inlines

    private static func text(_ inlines: [FormattedText.Inline]) -> TelegramText { inlines.map(text).joined() }

    private static func text(_ inline: FormattedText.Inline) -> TelegramText {
        switch inline {
        case .text(let text): TelegramText(escaping: text)
        case .code(let code): TelegramText(escaping: code).within("code")
        case .emphasis(let inlines): text(inlines).within("i")
        case .strong(let inlines): text(inlines).within("b")
        case .strikethrough(let inlines): text(inlines).within("s")
        case .link(let inlines, let destination): link(text(inlines), to: destination)
        case .image(let text, let source): link(TelegramText(escaping: text), to: source)
        case .lineBreak, .softBreak: TelegramText(html: "\n", plain: "\n")
        }
    }

    private static func link(_ words: TelegramText, to destination: String) -> TelegramText {
        guard isLinkable(destination) else {
            let isSaid = destination.isEmpty || words.plain.contains(destination)
            return isSaid ? words : words + TelegramText(escaping: " (\(destination))")
        }
        let words = words.plain.isEmpty ? TelegramText(escaping: destination) : words
        return words.within("a", " href=\"\(destination.escapedForHTML)\"")
    }

    /// What apps open; the server drops other links without a word.
    private static func isLinkable(_ destination: String) -> Bool {
        let scheme = destination.prefix { $0 != ":" }
        guard scheme.endIndex != destination.endIndex else { return false }
        return ["http", "https", "tg", "mailto", "tel"].contains(scheme.lowercased())
    }
}

extension FormattedText.Block {
    fileprivate var isParagraph: Bool { if case .paragraph = self { true } else { false } }
}
