import Replies
import SurfaceKit
import Testing

@Suite("Pages of random Markdown")
struct MarkdownPagerPropertyTests {
    static let seeds = Array(UInt64(1)...40)

    @Test(arguments: seeds)
    func `hold every character once, in order`(seed: UInt64) {
        let (source, limit) = subject(seed)

        let pages = MarkdownPager.pages(of: MessageText(source), limit: limit)

        #expect(essence(pages.map(\.source).joined(separator: "\n")) == essence(source))
    }

    @Test(arguments: seeds)
    func `are never too long and never empty`(seed: UInt64) {
        let (source, limit) = subject(seed)

        for page in MarkdownPager.pages(of: MessageText(source), limit: limit) {
            #expect(limit.measure(page) <= limit.maximum)
            #expect(FormattedText(page).plainText.showsSomething)
        }
    }

    @Test(arguments: seeds)
    func `keep code as code, and nothing else`(seed: UInt64) {
        let (source, limit) = subject(seed)

        let pages = MarkdownPager.pages(of: MessageText(source), limit: limit)

        let whole = FormattedText(markdown: source).blocks
        let code = Set(words(whole, inCode: true))
        let others = Set(words(whole, inCode: false))
        for page in pages {
            #expect(isBalanced(page.source))
            let blocks = FormattedText(page).blocks
            #expect(others.intersection(words(blocks, inCode: true)) == [])
            #expect(code.intersection(words(blocks, inCode: false)) == [])
        }
    }

    @Test(arguments: seeds)
    func `are the same however the text came`(seed: UInt64) {
        let (source, limit) = subject(seed)
        var random = RandomMarkdown(seed: seed ^ 0xFFFF)
        var pager = MarkdownPager(limit: limit)
        var text = ""
        var before: [MessageText] = []

        for piece in random.pieces(of: source) {
            text += piece
            let pages = pager.pages(of: text)
            #expect(pages.starts(with: before.dropLast()))
            before = pages
        }

        #expect(before == MarkdownPager.pages(of: MessageText(source), limit: limit))
    }

    @Test(arguments: seeds)
    func `hold all that can be seen of any mixture of marks`(seed: UInt64) {
        var random = RandomMarkdown(seed: seed)
        let source = random.marks()
        let limit = Capabilities.TextLimit(maximum: random.limit() / 3) { $0.source.utf16.count }

        let pages = MarkdownPager.pages(of: MessageText(source), limit: limit)

        #expect(ink(pages.map(\.source).joined()) >= ink(source))
        #expect(pages.allSatisfy { $0.source.utf16.count <= limit.maximum })
    }

    private func ink(_ text: String) -> Int { text.unicodeScalars.count { String($0).showsSomething } }

    /// A document, and a limit that counts what is written or what is shown.
    private func subject(_ seed: UInt64) -> (String, Capabilities.TextLimit) {
        var random = RandomMarkdown(seed: seed)
        let maximum = random.limit()
        let limit = Capabilities.TextLimit(maximum: maximum) { text in
            seed.isMultiple(of: 2) ? text.source.utf16.count : FormattedText(text).plainText.utf16.count
        }
        return (random.document(blocks: 7), limit)
    }

    /// The characters that must come through: no white space, fences, heads of tables or marks of quotes.
    private func essence(_ text: String) -> String {
        lines(of: text).filter { !isFence($0) && !$0.hasPrefix("|h") && !$0.hasPrefix("|---") }.joined()
            .filter { !$0.isWhitespace }
    }

    private func isBalanced(_ text: String) -> Bool { lines(of: text).filter(isFence).count.isMultiple(of: 2) }

    private func isFence(_ line: Substring) -> Bool { line.hasPrefix("```") || line.hasPrefix("~~~") }

    private func lines(of text: String) -> [Substring] {
        text.split(separator: "\n").map { $0.drop { $0 == ">" || $0 == " " } }
    }

    /// The first letter and the number of each word.
    private func words(_ blocks: [FormattedText.Block], inCode: Bool) -> [String] {
        blocks.flatMap { block -> [String] in
            switch block {
            case .quote(let blocks): words(blocks, inCode: inCode)
            case .list(let list): list.items.flatMap { words($0.blocks, inCode: inCode) }
            case .code(_, let text): inCode ? words(text) : []
            default: inCode ? [] : words(FormattedText(blocks: [block]).plainText)
            }
        }
    }

    private func words(_ text: String) -> [String] {
        text.split { !$0.isLetter && !$0.isNumber }.compactMap { word in
            let number = word.dropFirst().prefix { $0.isASCII && $0.isNumber }
            return number.isEmpty || word.first?.isLetter != true ? nil : "\(word.prefix(1))\(number)"
        }
    }
}
