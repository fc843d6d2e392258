import SurfaceKit
import Testing

@testable import Terminal

@Suite("What stands on the screen")
struct ScreenTests {
    @Test func `is an answer that grows in place and stays`() {
        var (screen, seen) = (Screen(echoes: true), Emulator(columns: 20, height: 10))
        screen.resize(columns: 20, rows: 10)
        seen.read(screen.open())
        seen.read(screen.typing(true, of: "agent"))
        #expect(seen.lines == ["agent is writing …", "> "])

        for end in 1...12 {
            let text = Array(repeating: "word", count: end).joined(separator: " ")
            seen.read(screen.draft(message(text)))
        }
        let whole = Array(repeating: "word", count: 12).joined(separator: " ")
        seen.read(screen.send(message(whole), as: "1"))

        #expect(seen.lines == ["agent", "word word word word ", "word word word word ", "word word word word", "> "])
    }

    @Test func `shows the end of what is longer than the screen, and then all of it once`() {
        var (screen, seen) = (Screen(echoes: true), Emulator(columns: 40, height: 8))
        screen.resize(columns: 40, rows: 8)
        seen.read(screen.open())

        for end in 1...30 { seen.read(screen.draft(message(lines(end)))) }
        #expect(seen.lines == ["agent", "⋮", "line 28", "line 29", "line 30", "> "])
        seen.read(screen.send(message(lines(30)), as: "1"))

        #expect(seen.lines == ["agent"] + (1...30).map { "line \($0)" } + ["> "])
    }

    @Test func `keeps what is typed in the middle of an answer above it`() {
        var (screen, seen) = (Screen(echoes: true), Emulator(columns: 40, height: 20))
        screen.resize(columns: 40, rows: 20)
        seen.read(screen.open())
        seen.read(screen.draft(message("once upon")))

        seen.read("/why\n")
        seen.read(screen.typed(["/why"]))
        seen.read(screen.send(message("Because."), as: "1"))
        seen.read(screen.draft(message("once upon a time")))
        seen.read(screen.send(message("once upon a time."), as: "2"))

        #expect(seen.lines == ["> /why", "agent", "Because.", "agent", "once upon a time.", "> "])
    }

    @Test func `takes nothing back that is out of reach`() {
        var (screen, seen) = (Screen(echoes: true), Emulator(columns: 40, height: 5))
        screen.resize(columns: 40, rows: 5)
        seen.read(screen.open())
        seen.read(screen.send(message(lines(9)), as: "1"))

        seen.read(screen.edit(message("short"), of: "1"))
        seen.read(screen.delete("other", of: "agent"))

        let expected = ["agent"] + (1...9).map { "line \($0)" } + ["agent", "short", "agent took a message back", "> "]
        #expect(seen.lines == expected)
    }

    @Test func `obeys nobody but the surface`() {
        var (screen, seen) = (Screen(echoes: false), Emulator())
        screen.resize(columns: 80, rows: 24)
        let text = "a\u{1B}[2Jb\u{07}\u{9B}5A\r`\u{1B}c`\n\n```\n\u{1B}]0;title\u{07}\n```\n\n[x](\u{1B}[H)"

        let drawn = screen.send(message(text), as: "1")
        seen.read(drawn)

        #expect(seen.seen.isEmpty)
        #expect(!drawn.unicodeScalars.contains("\u{07}") && !drawn.contains("\u{1B}[2J") && !drawn.contains("\u{1B}c"))
        #expect(seen.lines[1].hasPrefix("a␛[2Jb␇"))
    }

    @Test(
        arguments: [
            ("abc", 3), ("你好", 4), ("e\u{301}", 1), ("👩‍👩‍👧‍👦", 2), ("\u{1B}[1;36mab\u{1B}[22;39m", 2), ("✔️", 2), ("", 0),
        ]
    )
    func `takes as much room as it is thought to`(text: String, columns: Int) {
        #expect(StyledLine(text).columns == columns)
    }

    @Test func `has the styles of Markdown`() {
        let text = FormattedText(
            markdown: "# T\n\n**b** *i* `c` ~~s~~ [w](https://x.org)\n\n> q\n\n1. a\n   b\n2. [x] d\n\n---"
        )

        #expect(
            StyledText.lines(of: text).map(\.text) == [
                "\u{1B}[1mT\u{1B}[22m", "",
                "\u{1B}[1mb\u{1B}[22m \u{1B}[3mi\u{1B}[23m \u{1B}[33mc\u{1B}[39m \u{1B}[9ms\u{1B}[29m "
                    + "\u{1B}[4mw\u{1B}[24m (https://x.org)",
                "", "│ q", "", "1. a", "   b", "2. ☑ d", "", "────────",
            ]
        )
    }

    private func message(_ text: String) -> ShownMessage {
        ShownMessage(author: "agent", replyTo: nil, text: MessageText(text))
    }

    private func lines(_ count: Int) -> String { (1...count).map { "line \($0)" }.joined(separator: "\n") }
}
