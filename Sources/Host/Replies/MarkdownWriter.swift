import SurfaceKit

/// Writes formatted text as Markdown again.
///
/// Good for short texts of common forms: whoever needs to know whether the source reads the same has to read it. Tables
/// are written as their characters.
enum MarkdownWriter {
    static func source(of text: FormattedText) -> String { source(of: text.blocks, separator: "\n\n") }

    private static func source(of blocks: [FormattedText.Block], separator: String) -> String {
        blocks.map(source).joined(separator: separator)
    }

    private static func source(of block: FormattedText.Block) -> String {
        switch block {
        case .paragraph(let inlines): source(of: inlines)
        case .heading(let level, let inlines): String(repeating: "#", count: level) + " " + source(of: inlines)
        case .code(let language, let code): self.code(code, language ?? "")
        case .quote(let blocks): prefixed(source(of: blocks, separator: "\n\n"), first: "> ", others: "> ")
        case .list(let list): self.list(list)
        case .table: FormattedText(blocks: [block]).plainText
        case .rule: "---"
        }
    }

    private static func code(_ code: String, _ language: String) -> String {
        let fence = String(repeating: "`", count: max(3, longestRun(in: code) + 1))
        return "\(fence)\(language)\n\(code)\n\(fence)"
    }

    private static func list(_ list: FormattedText.List) -> String {
        list.items.enumerated().map { index, item in
            let mark = list.start.map { "\($0 + index). " } ?? "- "
            let task = item.isDone.map { $0 ? "[x] " : "[ ] " } ?? ""
            let content = source(of: item.blocks, separator: list.isTight ? "\n" : "\n\n")
            return prefixed(task + content, first: mark, others: String(repeating: " ", count: mark.count))
        }.joined(separator: list.isTight ? "\n" : "\n\n")
    }

    private static func prefixed(_ text: String, first: String, others: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .map { ($0 == 0 ? first : others) + $1 }.joined(separator: "\n")
    }

    // MARK: Inlines

    private static func source(of inlines: [FormattedText.Inline]) -> String {
        var source = ""
        for inline in inlines {
            source += self.source(of: inline, atLineStart: source.isEmpty || source.hasSuffix("\n"))
        }
        return source
    }

    private static func source(of inline: FormattedText.Inline, atLineStart: Bool) -> String {
        switch inline {
        case .text(let text): escaped(text, atLineStart: atLineStart)
        case .code(let code): self.code(code)
        case .emphasis(let inlines): "*\(source(of: inlines))*"
        case .strong(let inlines): "**\(source(of: inlines))**"
        case .strikethrough(let inlines): "~~\(source(of: inlines))~~"
        case .link(let inlines, let destination): "[\(source(of: inlines))](<\(destination)>)"
        case .image(let text, let source): "![\(escaped(text, atLineStart: false))](<\(source)>)"
        case .lineBreak: "\\\n"
        case .softBreak: "\n"
        }
    }

    private static func code(_ code: String) -> String {
        let marks = String(repeating: "`", count: longestRun(in: code) + 1)
        let space = code.hasPrefix("`") || code.hasSuffix("`") ? " " : ""
        return marks + space + code + space + marks
    }

    private static func escaped(_ text: String, atLineStart: Bool) -> String {
        var result = ""
        for character in text {
            if "\\`*_[]<>&~|#".contains(character) { result += "\\" }
            result.append(character)
        }
        guard atLineStart else { return result.withoutAutomaticLinks }
        if let first = result.first, "-+=:".contains(first) { result = "\\" + result }
        let digits = result.prefix { $0.isASCII && $0.isNumber }
        if !digits.isEmpty, let mark = result[digits.endIndex...].first, mark == "." || mark == ")" {
            result.insert("\\", at: digits.endIndex)
        }
        return result.withoutAutomaticLinks
    }

    private static func longestRun(in code: String) -> Int {
        code.split { $0 != "`" }.map(\.count).max() ?? 0
    }
}

extension String {
    fileprivate var withoutAutomaticLinks: String {
        replacing("://", with: "\\://").replacing("www.", with: "www\\.")
    }
}
