import SurfaceKit

/// Cuts blocks off behind a number of their characters.
struct BlockCut {
    typealias Block = FormattedText.Block
    typealias Inline = FormattedText.Inline

    /// Unicode scalars that are still to come.
    private var left: Int
    private var isDone = false

    /// The blocks up to their first `scalars` scalars, as ``words(of:)`` counts them, and `…` behind these.
    static func beginning(of blocks: [Block], scalars: Int) -> [Block] {
        var cut = BlockCut(left: scalars)
        return cut.blocks(blocks)
    }

    /// The characters of blocks without what stands around them; items, cells and blocks on lines of their own.
    static func words(of blocks: [Block]) -> String { blocks.map(words).joined(separator: "\n") }

    private static func words(of block: Block) -> String {
        switch block {
        case .paragraph(let inlines), .heading(_, let inlines): words(of: inlines)
        case .code(_, let code): code
        case .quote(let blocks): words(of: blocks)
        case .list(let list): list.items.map { words(of: $0.blocks) }.joined(separator: "\n")
        case .table(let table):
            ([table.header] + table.rows).map { $0.map(words).joined(separator: "\n") }.joined(separator: "\n")
        case .rule: ""
        }
    }

    private static func words(of inlines: [Inline]) -> String { inlines.map(words).joined() }

    private static func words(of inline: Inline) -> String {
        switch inline {
        case .text(let text), .code(let text), .image(let text, _): text
        case .emphasis(let inlines), .strong(let inlines), .strikethrough(let inlines): words(of: inlines)
        case .link(let inlines, _): words(of: inlines)
        case .lineBreak, .softBreak: "\n"
        }
    }

    // MARK: Cutting

    private mutating func each<Part, Result>(_ parts: [Part], _ cut: (inout BlockCut, Part) -> Result) -> [Result] {
        var results: [Result] = []
        for (index, part) in parts.enumerated() where !isDone {
            if index > 0 { left -= 1 }
            results.append(cut(&self, part))
        }
        return results
    }

    private mutating func blocks(_ blocks: [Block]) -> [Block] { each(blocks) { $0.block($1) } }

    private mutating func block(_ block: Block) -> Block {
        switch block {
        case .paragraph(let inlines): .paragraph(self.inlines(inlines))
        case .heading(let level, let inlines): .heading(level: level, self.inlines(inlines))
        case .code(let language, let code): .code(language: language, text(code))
        case .quote(let blocks): .quote(self.blocks(blocks))
        case .list(let list): .list(self.list(list))
        case .table(let table): .table(self.table(table))
        case .rule: .rule
        }
    }

    private mutating func list(_ list: FormattedText.List) -> FormattedText.List {
        let items = each(list.items) { FormattedText.Item(isDone: $1.isDone, blocks: $0.blocks($1.blocks)) }
        // Nothing is left that an empty line could stand between.
        let isSingle = items.count == 1 && items[0].blocks.count == 1
        return FormattedText.List(start: list.start, isTight: list.isTight || isSingle, items: items)
    }

    private mutating func table(_ table: FormattedText.Table) -> FormattedText.Table {
        let rows = each([table.header] + table.rows) { cut, row in cut.each(row) { $0.inlines($1) } }
        return FormattedText.Table(
            alignments: table.alignments,
            header: rows.first ?? [],
            rows: Array(rows.dropFirst())
        )
    }

    private mutating func inlines(_ inlines: [Inline]) -> [Inline] {
        var results: [Inline] = []
        for inline in inlines where !isDone {
            for result in self.inline(inline) {
                if case .text(let more) = result, case .text(let text) = results.last {
                    results[results.count - 1] = .text(text + more)
                } else {
                    results.append(result)
                }
            }
        }
        return results
    }

    private mutating func inline(_ inline: Inline) -> [Inline] {
        switch inline {
        case .text(let text): return [.text(self.text(text))]
        case .code(let code): return [.code(text(code))]
        case .emphasis(let inlines): return [.emphasis(self.inlines(inlines))]
        case .strong(let inlines): return [.strong(self.inlines(inlines))]
        case .strikethrough(let inlines): return [.strikethrough(self.inlines(inlines))]
        case .link(let inlines, let destination):
            // What stands behind the words of a link would stand behind the `…`.
            let words = self.inlines(inlines)
            return isDone ? words : [.link(words, destination: destination)]
        case .image(let text, let source):
            let words = self.text(text)
            return isDone ? [.text(words)] : [.image(text: words, source: source)]
        case .lineBreak, .softBreak:
            left -= 1
            return [inline]
        }
    }

    private mutating func text(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard scalars.count >= left else {
            left -= scalars.count
            return text
        }
        isDone = true
        return String(String.UnicodeScalarView(scalars.prefix(left))) + "…"
    }
}
