import SurfaceKit
import Testing

@Suite("Markdown outline")
struct MarkdownOutlineTests {
    @Test(arguments: [
        ("a\nb\n\nc", ["text", "text", "text", "block text"]),
        ("# a\nb", ["text", "underHeading text"]),
        ("a\n===\n\nb", ["text", "text", "text", "underHeading text"]),
        ("- a\n\n  b\n- c\n  d", ["text", "text 2", "part text 2", "part text", "text 2"]),
        ("10. a\n    - b\n      c\n11. d", ["text", "part text 4", "text 4 6", "part text"]),
        ("> a\n>\n> b\n> - c\n>   d", ["text", "text", "part text", "part text", "text"]),
        ("- > a\n  > b", ["text", "text 2"]),
        ("a\n\n    b\n    c", ["text", "text", "block code", "code"]),
        ("```c\na\n```\nb", ["fence", "fenced ```c", "fenced ```c", "block text"]),
        ("> ~~~\n> a", ["fence", "fenced > ~~~"]),
        ("- a\n  ```\n  b", ["text", "part fence 2", "fenced   ``` 2"]),
        ("a\n|b|\n|-|\n|c|\n|d|\ne|", ["text", "block table", "table", "table", "row 1..<3", "row 1..<3"]),
        ("<div>\na\n</div>\n\nb", ["text", "text", "text", "text", "block text"]),
        ("", ["text"]),
    ])
    func `says what each line is`(source: String, lines: [String]) {
        let outline = MarkdownOutline(markdown: Array(source.utf8))

        #expect(outline.lines.map(description) == lines)
        #expect(outline.lines.map { String(decoding: Array(source.utf8)[$0.bytes], as: UTF8.self) } == split(source))
    }

    @Test func `takes plain text for paragraphs between empty lines`() {
        let outline = MarkdownOutline(plain: Array("# a\n- b\n\n```\n\n\nc".utf8))

        #expect(outline.lines.map(description) == ["text", "text", "text", "block text", "text", "text", "block text"])
    }

    private func split(_ source: String) -> [String] {
        source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private func description(_ line: MarkdownOutline.Line) -> String {
        let content =
            switch line.content {
            case .text: "text"
            case .code: "code"
            case .fence: "fence"
            case .fenced(let fence): "fenced " + String(decoding: fence.prefix + fence.opening, as: UTF8.self)
            case .row(let head): "row \(head)"
            case .table: "table"
            }
        let beginning = line.beginning == .nothing ? [] : ["\(line.beginning)"]
        return (beginning + [content] + line.indents.map(String.init)).joined(separator: " ")
    }
}
