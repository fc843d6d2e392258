import SurfaceKit
import Testing

@Suite("Parsing cost")
struct ParsingCostTests {
    @Test(arguments: [
        // Lines within many containers.
        String(repeating: "* ", count: 3_000) + "a\n" + String(repeating: "\n", count: 3_000),
        String(repeating: "> ", count: 3_000) + "a\n" + String(repeating: "a\n", count: 3_000),
        String(repeating: "- ", count: 3_000) + String(repeating: "&", count: 3_000),
        // Cells that a table adds, rows of many cells, a paragraph read again as the head of a table.
        String(repeating: "|a", count: 1_000) + "\n" + String(repeating: "|-", count: 1_000) + "\n"
            + String(repeating: "a\n", count: 2_000),
        String(repeating: "|", count: 5_000) + "\n|-|-|\n",
        String(repeating: "a|b\n|-|\n", count: 1_000),
        // Automatic links.
        String(repeating: "a@a.a_", count: 1_000),
        String(repeating: "www._", count: 1_000),
        String(repeating: "http://a<", count: 1_000),
        "http://a.b" + String(repeating: ")", count: 5_000),
        // HTML that nothing closes.
        String(repeating: "a<?", count: 3_000),
        String(repeating: "a<![CDATA[", count: 3_000),
        String(repeating: "a<!A ", count: 3_000),
        // Pictures around links.
        String(repeating: "![[]()", count: 1_000),
        String(repeating: "![", count: 2_000) + String(repeating: "[a](b)", count: 1_000),
        // Definitions that are repeated.
        "[a]: " + String(repeating: "x", count: 8_000) + "\n\n" + String(repeating: "[a]", count: 2_000),
        "[a]: b \"" + String(repeating: "x ", count: 4_000) + "\"\n\n" + String(repeating: "[a]", count: 2_000),
    ])
    func `finds what takes more than linear time, which is shown as written`(source: String) {
        let isLinear = ParsingCost(source).isLinear
        #expect(!isLinear)
        let isPlain = FormattedText(markdown: source) == FormattedText(plain: source)
        #expect(isPlain)
        #expect(MarkdownOutline(markdown: Array(source.utf8)).format == .plain)
    }

    @Test(arguments: [
        "# Title\n\nSome **bold** and *soft* words, `code`, a [link](https://a.example/b?c=d) and me@a.example.\n\n",
        "- one\n  - two\n    - three\n      - four\n\n        more\n\n",
        "1. one\n   ```swift\n   let a: [Int] = [1]\n   ```\n2. two\n\n",
        "|a|b|c|d|\n|-|-|-|-|\n|1|2|3|4|\n|5|6|7|8|\n|9|10|11|12|\n\n",
        "a | b\n--- | ---\n1 | 2\n3 |\n\n",
        "> quoted\n> > twice\n\nsaid\n\n---\n\n",
        "```html\n<!-- head -->\n<?xml version=\"1.0\"?>\n<!DOCTYPE html>\n<a href=\"b\">c</a>\n```\n\n",
        "```python\ndef f(x: list[int], y: dict[str, int]) -> None:\n    for k in x[1:]: print(y[k])\n```\n\n",
        "[![build](https://a.example/b.svg)](https://a.example) [![c](https://a.example/d.svg)](https://a.example)\n",
        "See [one][1] and [two][2].\n\n[1]: https://a.example/one \"One\"\n[2]: https://a.example/two\n\n",
        "слово за словом, 一二三四五六七八九十https://a.example/中文。\n",
        "---\nkey: value\n---\n",
    ])
    func `lets ordinary texts pass at any length`(part: String) {
        for count in [1, 20, FormattedText.maximumSourceBytes / part.utf8.count] {
            let isLinear = ParsingCost(String(repeating: part, count: count)).isLinear
            #expect(isLinear)
        }
    }

    @Test func `keeps tables of one long cell from being mostly spaces`() {
        let long = String(repeating: "x", count: 10_000)
        let source = "|a|b|\n|-|-|\n|\(long)|1|\n" + String(repeating: "|2|3|\n", count: 2_000)

        guard case .table(let table)? = FormattedText(markdown: source).blocks.first else {
            Issue.record("it is a table")
            return
        }
        let text = TableText.monospaced(table)

        #expect(text.utf8.count < 4 * source.utf8.count)
        #expect(text.hasPrefix("a        | b\n"))
    }
}
