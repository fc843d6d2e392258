import SurfaceKit
import Testing

@Suite("Formatted text")
struct FormattedTextTests {
    typealias Block = FormattedText.Block

    @Test(
        arguments: [
            (
                "one *two* **three** ~~four~~ `five`",
                [
                    .paragraph([
                        .text("one "), .emphasis([.text("two")]), .text(" "), .strong([.text("three")]), .text(" "),
                        .strikethrough([.text("four")]), .text(" "), .code("five"),
                    ])
                ]
            ),
            ("## Title", [.heading(level: 2, [.text("Title")])]),
            ("```swift x\nlet a = 1\n```", [.code(language: "swift", "let a = 1")]),
            ("    indented", [.code(language: nil, "indented")]),
            ("> quoted", [.quote([.paragraph([.text("quoted")])])]),
            ("a\n\n---\n\nb", [.paragraph([.text("a")]), .rule, .paragraph([.text("b")])]),
            ("a  \nb\nc", [.paragraph([.text("a"), .lineBreak, .text("b"), .softBreak, .text("c")])]),
            ("[site](https://a.b)", [.paragraph([.link([.text("site")], destination: "https://a.b")])]),
            (
                "see https://a.b/c",
                [
                    .paragraph([.text("see "), .link([.text("https://a.b/c")], destination: "https://a.b/c")])
                ]
            ),
            ("![a *dot*](d.png)", [.paragraph([.image(text: "a dot", source: "d.png")])]),
            ("~5 or ~6", [.paragraph([.text("~5 or ~6")])]),
        ] as [(String, [Block])]
    )
    func `gives each construct its own form`(source: String, blocks: [Block]) {
        #expect(FormattedText(markdown: source).blocks == blocks)
    }

    @Test func `knows lists with their numbers, tasks and tightness`() {
        let text = FormattedText(markdown: "3. a\n4. b\n\n- [x] done\n\n- [ ] open")

        #expect(
            text.blocks == [
                .list(.init(start: 3, isTight: true, items: [item("a"), item("b")])),
                .list(.init(start: nil, isTight: false, items: [item("done", true), item("open", false)])),
            ]
        )
    }

    @Test func `knows tables with their alignments`() {
        let text = FormattedText(markdown: "|a|b|c|d|\n|-|:-|:-:|-:|\n|1|**2**|3|4|")

        #expect(
            text.blocks == [
                .table(
                    .init(
                        alignments: [.unset, .left, .center, .right],
                        header: ["a", "b", "c", "d"].map { [.text($0)] },
                        rows: [[[.text("1")], [.strong([.text("2")])], [.text("3")], [.text("4")]]]
                    )
                )
            ]
        )
    }

    @Test(arguments: [
        ("a <b>c</b> & d", "a <b>c</b> & d"),
        ("<div onclick=x>\nhi\n</div>", "<div onclick=x>\nhi\n</div>"),
        ("<!-- said -->", "<!-- said -->"),
        ("&lt;b&gt;", "<b>"),
    ])
    func `takes HTML as characters`(source: String, shown: String) {
        #expect(FormattedText(markdown: source).plainText == shown)
    }

    @Test(arguments: ["[a]: http://b.c", "#", "```\n```", "[](<>)"])
    func `shows as written what Markdown would hide altogether`(source: String) {
        #expect(FormattedText(markdown: source).plainText == source)
    }

    @Test func `takes plain text literally`() {
        let text = FormattedText(MessageText("*a*\r\n\n# b", format: .plain))

        #expect(text.blocks == [.paragraph([.text("*a*"), .lineBreak, .lineBreak, .text("# b")])])
        #expect(text.plainText == "*a*\n\n# b")
    }

    @Test(arguments: [
        ("# T\n\ntext [w](http://u)\n\n- a\n  - b\n- [x] c", "T\n\ntext w (http://u)\n\n• a\n  • b\n☑ c"),
        ("1. a\n\n   b\n2. c", "1. a\n\n   b\n\n2. c"),
        ("> a\n>\n> b", "> a\n> \n> b"),
        ("|a|b|\n|-|-|\n|1|2|", "a | b\n1 | 2"),
        ("www.a.b and me@a.b", "www.a.b and me@a.b"),
        ("![](http://p)", "http://p"),
    ])
    func `can be told in bare characters`(source: String, plain: String) {
        #expect(FormattedText(markdown: source).plainText == plain)
    }

    @Test(arguments: Nesting.allCases)
    func `keeps the words of what is nested without end`(nesting: Nesting) {
        let text = FormattedText(markdown: nesting.source)

        let depth = depth(of: text.blocks)
        #expect(depth <= FormattedText.maximumDepth)
        let shown = text.plainText.contains("words")
        #expect(shown)
    }

    @Test func `is the same when many are read at once`() async {
        let source = "~~a~~ https://b.c |x| *d*\n\n|a|\n|-|\n|~~b~~|"
        let expected = FormattedText(markdown: source)

        await withTaskGroup(of: FormattedText.self) { group in
            for _ in 0..<500 { group.addTask { FormattedText(markdown: source) } }
            for await text in group { #expect(text == expected) }
        }
    }

    enum Nesting: CaseIterable {
        case quotes, lists, strong, links, alternating

        var source: String {
            switch self {
            case .quotes: String(repeating: "> ", count: 5_000) + "words"
            case .lists: (0..<150).map { String(repeating: "  ", count: $0) + "- words\n" }.joined()
            case .strong:
                String(repeating: "**a ", count: 3_000) + "words" + String(repeating: " b**", count: 3_000)
            case .links: String(repeating: "[", count: 10_000) + "words" + String(repeating: "](u)", count: 5_000)
            case .alternating: String(repeating: "*_", count: 5_000) + "words" + String(repeating: "_*", count: 5_000)
            }
        }
    }

    private func item(_ text: String, _ isDone: Bool? = nil) -> FormattedText.Item {
        .init(isDone: isDone, blocks: [.paragraph([.text(text)])])
    }

    private func depth(of blocks: [Block]) -> Int {
        blocks.map { block in
            switch block {
            case .paragraph(let inlines), .heading(_, let inlines): 1 + depth(of: inlines)
            case .quote(let blocks): 1 + depth(of: blocks)
            case .list(let list): 2 + (list.items.map { depth(of: $0.blocks) }.max() ?? 0)
            case .table(let table): 3 + ((table.rows + [table.header]).flatMap { $0 }.map { depth(of: $0) }.max() ?? 0)
            case .code, .rule: 1
            }
        }
        .max() ?? 0
    }

    private func depth(of inlines: [FormattedText.Inline]) -> Int {
        inlines.map { inline in
            switch inline {
            case .emphasis(let inlines), .strong(let inlines), .strikethrough(let inlines), .link(let inlines, _):
                1 + depth(of: inlines)
            case .text, .code, .image, .lineBreak, .softBreak: 1
            }
        }
        .max() ?? 0
    }
}
