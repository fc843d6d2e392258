extension FormattedText {
    /// The text without markup, for messages that only take characters.
    ///
    /// Blocks are separated by an empty line; bullets are `•`; a link shows its destination behind its words.
    package var plainText: String { PlainWriter.text(of: blocks) }
}

/// Writes blocks as bare characters.
private enum PlainWriter {
    static func text(of blocks: [FormattedText.Block], separator: String = "\n\n") -> String {
        blocks.map(text(of:)).joined(separator: separator)
    }

    private static func text(of block: FormattedText.Block) -> String {
        switch block {
        case .paragraph(let inlines), .heading(_, let inlines): text(of: inlines)
        case .code(_, let code): code
        case .quote(let blocks): prefixed(text(of: blocks), first: "> ", others: "> ")
        case .list(let list): text(of: list)
        case .table(let table):
            ([table.header] + table.rows).map { row in row.map(text(of:)).joined(separator: " | ") }
                .joined(separator: "\n")
        case .rule: "———"
        }
    }

    private static func text(of list: FormattedText.List) -> String {
        let items = list.items.enumerated().map { index, item in
            let number = list.start.map { "\($0 + index). " }
            let task = item.isDone.map { $0 ? "☑ " : "☐ " }
            let mark = (number ?? (task == nil ? "• " : "")) + (task ?? "")
            let indent = String(repeating: " ", count: mark.unicodeScalars.count)
            let content = text(of: item.blocks, separator: list.isTight ? "\n" : "\n\n")
            return prefixed(content, first: mark, others: indent)
        }
        return items.joined(separator: list.isTight ? "\n" : "\n\n")
    }

    private static func text(of inlines: [FormattedText.Inline]) -> String {
        inlines.map(text(of:)).joined()
    }

    private static func text(of inline: FormattedText.Inline) -> String {
        switch inline {
        case .text(let text), .code(let text): text
        case .emphasis(let inlines), .strong(let inlines), .strikethrough(let inlines): text(of: inlines)
        case .link(let inlines, let destination): link(text(of: inlines), destination)
        case .image(let text, let source): link(text, source)
        case .lineBreak, .softBreak: "\n"
        }
    }

    private static func link(_ words: String, _ destination: String) -> String {
        if words.isEmpty { return destination }
        // An automatic link is its own destination, but for a scheme that was left out.
        return destination.isEmpty || destination.hasSuffix(words) ? words : "\(words) (\(destination))"
    }

    private static func prefixed(_ text: String, first: String, others: String) -> String {
        text.lines.enumerated()
            .map { index, line in
                let prefix = index == 0 ? first : others
                return line.isEmpty && index > 0 && !prefix.contains(">") ? "" : prefix + line
            }
            .joined(separator: "\n")
    }
}
