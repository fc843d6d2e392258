import Replies
import SurfaceKit
import Testing

/// Counts of work, not times: they are the same on every machine.
@Suite("Work of laying out")
struct WorkTests {
    static let length = 300_000

    @Test(arguments: HostileMarkdown.allCases)
    func `grows with the length of a hostile text alone`(hostile: HostileMarkdown) {
        let source = hostile.source(Self.length)
        var pager = MarkdownPager(limit: limit)

        pager.append(source[...])
        let pages = pager.pages().texts

        #expect(pager.work < 24 * source.utf8.count)
        let written = pages.reduce(0) { $0 + $1.source.utf8.count }
        #expect(written < 2 * source.utf8.count)
        let isShort = pages.allSatisfy { $0.source.utf16.count <= limit.maximum }
        #expect(isShort)
    }

    @Test(arguments: HostileMarkdown.allCases)
    func `is bounded for the form in which each page is shown`(hostile: HostileMarkdown) {
        let source = hostile.source(Self.length / 8)

        for page in MarkdownPager.pages(of: MessageText(source), limit: limit) {
            let length = page.source.utf8.count
            let text = FormattedText(page)
            #expect(count(text.blocks) <= 2 * length + 64)
            #expect(text.plainText.utf8.count <= 16 * length + 1_024)
            let isParsed = page.format == .markdown && text != FormattedText(plain: page.source)
            let cost = ParsingCost(page.source)
            #expect(!isParsed || cost.total <= length + ParsingCost.mostExtra(length))
        }
    }

    @Test(arguments: UInt64(1)...20)
    func `lets ordinary texts keep their form`(seed: UInt64) {
        var random = RandomMarkdown(seed: seed)

        let pages = MarkdownPager.pages(of: MessageText(random.document(blocks: 20)), limit: limit)

        let isMarkdown = pages.allSatisfy { $0.format == .markdown && ParsingCost($0.source).isLinear }
        #expect(isMarkdown)
    }

    @Test func `does not depend on the pieces in which an answer of 4 MiB comes`() {
        let source = document(of: 4 << 20)
        let limit = Capabilities.TextLimit(maximum: 16_384) { $0.source.utf8.count }
        var composer = ReplyComposer()
        var before: [MessageText] = []
        var calls = 0

        for piece in pieces(of: source, count: 16_384) {
            composer.append(index: 0, delta: piece)
            let pages = composer.pages(limit: limit)
            let isKept = pages.starts(with: before.dropLast())
            #expect(isKept)
            before = pages
            calls += 1
        }

        // What was said is laid out once; each call measures what is not a full page yet.
        #expect(composer.work < 12 * source.utf8.count + calls * 3 * limit.maximum)
        let end = before.last?.source.suffix(60) ?? ""
        #expect(source.dropLast(2).hasSuffix(end))
    }

    @Test func `ends with the last page that is asked for`() {
        let source = document(of: 4 << 20)
        var composer = ReplyComposer()
        var pages = composer.pages(limit: limit, upTo: 20)

        for piece in pieces(of: source, count: 8_192) {
            composer.append(index: 0, delta: piece)
            pages = composer.pages(limit: limit, upTo: 20)
        }

        #expect(pages.texts.count == 20)
        #expect(pages.hasMore)
        #expect(composer.work < 24 * 21 * limit.maximum)
        let some = MarkdownPager.pages(of: MessageText(String(source.prefix(200_000))), limit: limit)
        #expect(pages.texts == Array(some.prefix(20)))
    }

    @Test(arguments: [
        ("one two three four", 1, true), ("one two three four", 2, false), ("one", 1, false), ("", 1, false),
    ])
    func `says whether there are more pages`(source: String, most: Int, hasMore: Bool) {
        let limit = Capabilities.TextLimit(maximum: 12) { $0.source.utf16.count }

        let pages = MarkdownPager.pages(of: MessageText(source), limit: limit, upTo: most)

        #expect(pages.hasMore == hasMore)
        #expect(pages.texts.count <= most)
    }

    private let limit = Capabilities.TextLimit(maximum: 4_096) { $0.source.utf16.count }

    private func document(of count: Int) -> String {
        var random = RandomMarkdown(seed: 7)
        let part = random.document(blocks: 30) + "\n\n"
        return String(repeating: part, count: count / part.utf8.count + 1)
    }

    private func pieces(of text: String, count: Int) -> [String] {
        var pieces: [String] = []
        var rest = text.unicodeScalars[...]
        while !rest.isEmpty {
            pieces.append(String(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return pieces
    }

    private func count(_ blocks: [FormattedText.Block]) -> Int {
        blocks.reduce(0) { sum, block in
            switch block {
            case .paragraph(let inlines), .heading(_, let inlines): sum + 1 + count(inlines)
            case .quote(let blocks): sum + 1 + count(blocks)
            case .list(let list): sum + 1 + list.items.reduce(0) { $0 + 1 + count($1.blocks) }
            case .table(let table):
                sum + 1 + ([table.header] + table.rows).reduce(0) { $0 + $1.reduce(1) { $0 + 1 + count($1) } }
            case .code, .rule: sum + 1
            }
        }
    }

    private func count(_ inlines: [FormattedText.Inline]) -> Int {
        inlines.reduce(0) { sum, inline in
            switch inline {
            case .emphasis(let inlines), .strong(let inlines), .strikethrough(let inlines), .link(let inlines, _):
                sum + 1 + count(inlines)
            case .text, .code, .image, .lineBreak, .softBreak: sum + 1
            }
        }
    }
}
