import Replies
import SurfaceKit
import Synchronization
import Testing

@Suite("Markdown pager")
struct MarkdownPagerTests {
    @Test(
        arguments: [
            // Blocks, and a heading never alone at an end.
            (20, "one two three\n\nfour five six", ["one two three", "four five six"]),
            (24, "one two three\n\n# Head\n\nfour five six", ["one two three", "# Head\n\nfour five six"]),
            // Items, with what belongs to them, and lines that would be code on a page of their own.
            (24, "- one two\n- three four\n- five six", ["- one two\n- three four", "- five six"]),
            (27, "1. one two three four\n\n   five six\n2. seven", ["1. one two three four", "five six\n\n2. seven"]),
            (32, "- one two three\n    - four\n    - five\n- six", ["- one two three\n    - four", "  - five\n- six"]),
            (30, "- one two\n\n      code\n      more\n      code", ["- one two\n\n      code", "    more\n    code"]),
            // Sentences, words, and what looks like a mark at the beginning of a page.
            (24, "One two three. Four five six.", ["One two three.", "Four five six."]),
            (12, "one two three four", ["one two", "three four"]),
            (16, "five six minus - seven", ["five six", "minus - seven"]),
            (19, "he was born in 1984. Then", ["he was born", "in 1984. Then"]),
            // Spans stay whole.
            (23, "one two **three four** five six", ["one two", "**three four** five six"]),
            (20, "one two [three](u-v) four", ["one two", "[three](u-v) four"]),
            (24, "one two three `four five six", ["one two three", "`four five six"]),
            // Code is closed and opened again, quotes and tables go on.
            (24, "```c\none\ntwo\nthree\nfour\n```", ["```c\none\ntwo\nthree\n```", "```c\nfour\n```"]),
            (22, "> one two three four five", ["> one two three four", "> five"]),
            (21, "> one two three\n> four five", ["> one two three", "> four five"]),
            (
                60, "|a|b|\n|-|-|\n|one|two|\n|three|four|\n|five|six|\n|seven|eight|\n|9|10|",
                ["|a|b|\n|-|-|\n|one|two|\n|three|four|\n|five|six|", "|a|b|\n|-|-|\n|seven|eight|\n|9|10|"]
            ),
            // Characters of a word only when nothing else is left, and never half of one.
            (5, "abcdefghij", ["abcd", "efgh", "ij"]),
            (7, "e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}", ["e\u{301}e\u{301}e\u{301}", "e\u{301}e\u{301}"]),
            (13, "👨‍👩‍👧‍👦👨‍👩‍👧‍👦", ["👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"]),
            // Ends of lines.
            (10, "one two\r\n\r\nthree\r\n", ["one two", "three"]),
        ] as [(Int, String, [String])]
    )
    func `cuts where it hurts least`(maximum: Int, source: String, pages: [String]) {
        #expect(self.pages(source, maximum) == pages)
    }

    @Test(arguments: ["", " \n\t\n", "\u{200B}\u{FEFF}", "\u{0}"])
    func `has no page for what shows nothing`(source: String) {
        #expect(pages(source, 10) == [])
    }

    @Test func `takes plain text literally`() {
        let text = MessageText("```\none two\n```\n\n- three four", format: .plain, isPublic: true)

        let pages = MarkdownPager.pages(of: text, limit: limit(20))

        #expect(pages == ["```\none two\n```", "- three four"].map { MessageText($0, format: .plain, isPublic: true) })
    }

    @Test(arguments: Hostile.allCases)
    func `gets to the end of every text`(hostile: Hostile) {
        let pages = pages(hostile.source, 300)

        let areShort = pages.allSatisfy { $0.utf16.count <= 300 }
        #expect(areShort)
        #expect(ink(pages.joined()) >= ink(hostile.source))
    }

    @Test(arguments: 1...12)
    func `gets to the end at every limit`(maximum: Int) {
        let source = "> - ```swift\n>   code line\n>   ```\n\n|a|b|\n|-|-|\n|1|2|\n\n# e\u{301}\u{302}👨‍👩‍👧‍👦"

        #expect(ink(pages(source, maximum).joined()) >= ink(source))
    }

    /// How many scalars can be seen.
    private func ink(_ text: String) -> Int { text.unicodeScalars.count { String($0).showsSomething } }

    @Test func `asks for no more measuring of a growing text than its last page needs`() {
        var generator = RandomMarkdown(seed: 1)
        let source = (0..<10).map { _ in generator.document(blocks: 3) }.joined(separator: "\n\n")
        let measured = Mutex(0)
        let limit = Capabilities.TextLimit(maximum: 1_000) { text in
            measured.withLock { $0 += text.source.utf8.count }
            return text.source.utf8.count
        }
        var composer = ReplyComposer()
        var calls = 0

        for piece in generator.pieces(of: source) {
            composer.append(index: 0, delta: piece)
            _ = composer.pages(limit: limit)
            calls += 1
        }

        // Each call measures the last page; each page is searched once, in some dozen steps.
        let pages = composer.pages(limit: limit).count
        #expect(measured.withLock { $0 } < calls * 2_000 + pages * 40_000)
    }

    enum Hostile: CaseIterable {
        case letters, spaces, stars, quotes, brackets, links, fences, marks, combining, lists, table, escapes

        var source: String {
            switch self {
            case .letters: String(repeating: "x", count: 5_000)
            case .spaces: "a" + String(repeating: " ", count: 5_000) + "b"
            case .stars: String(repeating: "*", count: 5_000)
            case .quotes: String(repeating: "> ", count: 2_000) + "a"
            case .brackets: String(repeating: "[", count: 5_000)
            case .links: String(repeating: "[](", count: 2_000)
            case .fences: String(repeating: "```x\n", count: 1_000)
            case .marks: (1...100).map { String(repeating: "`", count: $0) }.joined(separator: " ")
            case .combining: "a" + String(repeating: "\u{301}", count: 5_000)
            case .lists: (0..<60).map { String(repeating: "  ", count: $0) + "- words\n" }.joined()
            case .table:
                "|a|b|\n|-|-|\n" + String(repeating: "|1|" + String(repeating: "x", count: 500) + "|\n", count: 9)
            case .escapes: String(repeating: "\\", count: 5_000)
            }
        }
    }

    private func pages(_ source: String, _ maximum: Int) -> [String] {
        MarkdownPager.pages(of: MessageText(source), limit: limit(maximum)).map(\.source)
    }

    private func limit(_ maximum: Int) -> Capabilities.TextLimit {
        Capabilities.TextLimit(maximum: maximum) { $0.source.utf16.count }
    }
}
