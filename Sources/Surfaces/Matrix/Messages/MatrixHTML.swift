import Basics
import SurfaceKit

/// Writes a text as the HTML that Matrix clients show ("m.room.message msgtypes", org.matrix.custom.html).
///
/// Only tags from the specification's list, only links that cannot run anything; every other character is escaped.
enum MatrixHTML {
    /// The HTML of Markdown; `nil` when the source as it stands says the same.
    static func html(ofMarkdown source: String) -> String? {
        let text = FormattedText(markdown: source)
        guard text.blocks.contains(where: \.needsMarkup) || text.plainText != source.trimmed() else { return nil }
        return html(of: text)
    }

    static func html(of text: FormattedText) -> String {
        // One paragraph goes without its tag, as clients write it, and so takes no margin.
        if case .paragraph(let inlines)? = text.blocks.first, text.blocks.count == 1 { return html(inlines) }
        return html(text.blocks)
    }

    private static func html(_ blocks: [FormattedText.Block]) -> String { blocks.map(html).joined() }

    private static func html(_ block: FormattedText.Block) -> String {
        switch block {
        case .paragraph(let inlines): "<p>\(html(inlines))</p>"
        case .heading(let level, let inlines): "<h\(level)>\(html(inlines))</h\(level)>"
        case .code(let language, let code): "<pre><code\(languageClass(language))>\(code.escapedForHTML)\n</code></pre>"
        case .quote(let blocks): "<blockquote>\(html(blocks))</blockquote>"
        case .list(let list): html(list)
        case .table(let table): html(table)
        case .rule: "<hr>"
        }
    }

    private static func html(_ list: FormattedText.List) -> String {
        let items = list.items.map { item in
            let mark = item.isDone.map { $0 ? "☑ " : "☐ " } ?? ""
            return "<li>\(mark)\(html(item, isTight: list.isTight))</li>"
        }
        guard let start = list.start else { return "<ul>\(items.joined())</ul>" }
        return "<ol\(start == 1 ? "" : " start=\"\(start)\"")>\(items.joined())</ol>"
    }

    private static func html(_ item: FormattedText.Item, isTight: Bool) -> String {
        guard isTight else { return html(item.blocks) }
        return item.blocks.map { block in
            if case .paragraph(let inlines) = block { html(inlines) } else { html(block) }
        }.joined()
    }

    private static func html(_ table: FormattedText.Table) -> String {
        let header = row(table.header, tag: "th")
        let rows = table.rows.map { row($0, tag: "td") }.joined()
        return "<table><thead>\(header)</thead><tbody>\(rows)</tbody></table>"
    }

    private static func row(_ cells: [FormattedText.Table.Cell], tag: String) -> String {
        "<tr>\(cells.map { "<\(tag)>\(html($0))</\(tag)>" }.joined())</tr>"
    }

    private static func html(_ inlines: [FormattedText.Inline]) -> String { inlines.map(html).joined() }

    private static func html(_ inline: FormattedText.Inline) -> String {
        switch inline {
        case .text(let text): text.escapedForHTML
        case .code(let code): "<code>\(code.escapedForHTML)</code>"
        case .emphasis(let inlines): "<em>\(html(inlines))</em>"
        case .strong(let inlines): "<strong>\(html(inlines))</strong>"
        case .strikethrough(let inlines): "<del>\(html(inlines))</del>"
        case .link(let inlines, let destination): link(html(inlines), to: destination)
        // Pictures from elsewhere are not shown by clients, and would tell who reads.
        case .image(let text, let source): link((text.isEmpty ? source : text).escapedForHTML, to: source)
        case .lineBreak, .softBreak: "<br>"
        }
    }

    private static func link(_ html: String, to destination: String) -> String {
        guard isSafe(destination) else { return html }
        return "<a href=\"\(destination.escapedForHTML)\">\(html)</a>"
    }

    private static func isSafe(_ destination: String) -> Bool {
        let scheme = destination.prefix { $0 != ":" }
        guard scheme.endIndex != destination.endIndex else { return false }
        return ["http", "https", "mailto", "matrix"].contains(scheme.lowercased())
    }

    private static func languageClass(_ language: String?) -> String {
        guard let language, !language.isEmpty else { return "" }
        return " class=\"language-\(language.escapedForHTML)\""
    }
}

extension FormattedText.Block {
    /// Whether it says more than its characters.
    fileprivate var needsMarkup: Bool {
        guard case .paragraph(let inlines) = self else { return true }
        return inlines.contains { inline in
            switch inline {
            case .text, .lineBreak, .softBreak: false
            default: true
            }
        }
    }
}
