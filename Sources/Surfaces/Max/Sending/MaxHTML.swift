import SurfaceKit

/// Writes a formatted text in the HTML that MAX parses.
///
/// What MAX has no form for, or was seen not to understand, keeps its words: headings are bold, quotations begin with
/// `>`, tables are monospaced, pictures links.
enum MaxHTML {
    static func text(of text: FormattedText) -> MaxText {
        text.blocks.map { block($0, indent: "") }.joined(separator: "\n\n")
    }

    // MARK: Blocks

    private static func block(_ block: FormattedText.Block, indent: String) -> MaxText {
        switch block {
        case .paragraph(let inlines): text(inlines)
        case .heading(_, let inlines): text(inlines).within("b")
        case .code(_, let code): MaxText(escaping: code).within("pre")
        case .quote(let blocks): quote(blocks, indent: indent)
        case .list(let list): self.list(list, indent: indent)
        case .table(let table): MaxText(escaping: TableText.monospaced(table)).within("pre")
        case .rule: MaxText(escaping: "———")
        }
    }

    private static func quote(_ blocks: [FormattedText.Block], indent: String) -> MaxText {
        blocks.map { block($0, indent: indent) }.joined(separator: "\n\n").prefixed("> ")
    }

    private static func list(_ list: FormattedText.List, indent: String) -> MaxText {
        let inner = indent + "   "
        return list.items.enumerated().map { position, item in
            let number = list.start.map { "\($0 + position). " }
            let task = item.isDone.map { $0 ? "☑ " : "☐ " }
            let mark = (number ?? (task == nil ? "• " : "")) + (task ?? "")
            return MaxText(escaping: indent + mark) + content(of: item, indent: inner)
        }.joined(separator: list.isTight ? "\n" : "\n\n")
    }

    private static func content(of item: FormattedText.Item, indent: String) -> MaxText {
        item.blocks.enumerated().map { position, block in
            let text = self.block(block, indent: indent)
            // What is copied out of a code block must not carry our indentation; lists bring their own.
            if position == 0 || !block.isParagraph { return text }
            return MaxText(escaping: indent) + text
        }.joined(separator: "\n")
    }

    // MARK: Inlines

    private static func text(_ inlines: [FormattedText.Inline]) -> MaxText { inlines.map(text).joined() }

    private static func text(_ inline: FormattedText.Inline) -> MaxText {
        switch inline {
        case .text(let text): MaxText(escaping: text)
        case .code(let code): MaxText(escaping: code).within("code")
        case .emphasis(let inlines): text(inlines).within("i")
        case .strong(let inlines): text(inlines).within("b")
        case .strikethrough(let inlines): text(inlines).within("s")
        case .link(let inlines, let destination): link(text(inlines), to: destination)
        case .image(let text, let source): link(MaxText(escaping: text), to: source)
        case .lineBreak, .softBreak: MaxText(escaping: "\n")
        }
    }

    private static func link(_ words: MaxText, to destination: String) -> MaxText {
        // MAX makes a link of an address by itself.
        if words.plain == destination || words.plain.isEmpty { return MaxText(escaping: destination) }
        guard isLinkable(destination) else {
            let isSaid = destination.isEmpty || words.plain.contains(destination)
            return isSaid ? words : words + MaxText(escaping: " (\(destination))")
        }
        return words.within("a", " href=\"\(destination.escapedForHTML)\"")
    }

    private static func isLinkable(_ destination: String) -> Bool {
        ["http", "https"].contains(destination.prefix { $0 != ":" }.lowercased()) && destination.contains(":")
    }
}

extension FormattedText.Block {
    fileprivate var isParagraph: Bool { if case .paragraph = self { true } else { false } }
}
