import SurfaceKit

/// Writes formatted text with the styles that terminals have.
enum StyledText {
    /// Codes that switch a style on and off (ECMA-48, 8.3.117).
    private enum Style {
        case bold, italic, underlined, struck, code

        var codes: (on: Int, off: Int) {
            switch self {
            case .bold: (1, 22)
            case .italic: (3, 23)
            case .underlined: (4, 24)
            case .struck: (9, 29)
            case .code: (33, 39)
            }
        }
    }

    static func lines(of text: FormattedText) -> [StyledLine] {
        split(self.text(of: text.blocks)).map { StyledLine($0) }
    }

    private static func text(of blocks: [FormattedText.Block], separator: String = "\n\n") -> String {
        blocks.map(text(of:)).joined(separator: separator)
    }

    private static func text(of block: FormattedText.Block) -> String {
        switch block {
        case .paragraph(let inlines): text(of: inlines)
        case .heading(_, let inlines): styled(text(of: inlines), .bold)
        case .code(_, let code): styled(Visible.text(code), .code)
        case .quote(let blocks): prefixed(text(of: blocks), first: "│ ", others: "│ ")
        case .list(let list): text(of: list)
        case .table(let table): Visible.text(TableText.monospaced(table))
        case .rule: "────────"
        }
    }

    private static func text(of list: FormattedText.List) -> String {
        let items = list.items.enumerated().map { index, item in
            let number = list.start.map { "\($0 + index). " }
            let task = item.isDone.map { $0 ? "☑ " : "☐ " }
            let mark = (number ?? (task == nil ? "• " : "")) + (task ?? "")
            let content = text(of: item.blocks, separator: list.isTight ? "\n" : "\n\n")
            return prefixed(content, first: mark, others: String(repeating: " ", count: mark.unicodeScalars.count))
        }
        return items.joined(separator: list.isTight ? "\n" : "\n\n")
    }

    private static func text(of inlines: [FormattedText.Inline]) -> String { inlines.map(text(of:)).joined() }

    private static func text(of inline: FormattedText.Inline) -> String {
        switch inline {
        case .text(let text): Visible.text(text)
        case .code(let text): styled(Visible.text(text), .code)
        case .emphasis(let inlines): styled(text(of: inlines), .italic)
        case .strong(let inlines): styled(text(of: inlines), .bold)
        case .strikethrough(let inlines): styled(text(of: inlines), .struck)
        case .link(let inlines, let destination): link(text(of: inlines), Visible.text(destination))
        case .image(let text, let source): link(Visible.text(text), Visible.text(source))
        case .lineBreak, .softBreak: "\n"
        }
    }

    private static func link(_ words: String, _ destination: String) -> String {
        if words.isEmpty { return styled(destination, .underlined) }
        let isItsOwn = destination.isEmpty || destination.hasSuffix(words)
        return styled(words, .underlined) + (isItsOwn ? "" : " (\(destination))")
    }

    /// Each line by itself, so that a line can be drawn without the one before.
    private static func styled(_ text: String, _ style: Style) -> String {
        let (on, off) = style.codes
        return split(text).map { $0.isEmpty ? "" : "\u{1B}[\(on)m\($0)\u{1B}[\(off)m" }.joined(separator: "\n")
    }

    private static func prefixed(_ text: String, first: String, others: String) -> String {
        split(text).enumerated().map { ($0.offset == 0 ? first : others) + $0.element }.joined(separator: "\n")
    }

    private static func split(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
