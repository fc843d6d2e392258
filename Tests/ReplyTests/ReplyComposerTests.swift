import Replies
import SurfaceKit
import Testing

@Suite("Reply composer")
struct ReplyComposerTests {
    @Test(
        arguments: [
            ([(0, "one"), (1, "two")], "one\n\ntwo"),
            ([(0, "on"), (0, "e"), (1, "two "), (0, " more")], "one more\n\ntwo"),
            ([(0, " \n"), (1, "two"), (3, "four")], "two\n\nfour"),
            ([(0, "\n \n    code\n\n")], "    code"),
            ([(0, "a\r"), (0, "\nb\rc\r\n\r\nd")], "a\nb\nc\n\nd"),
            ([(0, "a\u{0}b\u{1B}[1mc\td\u{85}")], "a\u{FFFD}b\u{FFFD}[1mc\td\u{FFFD}"),
            ([(0, "\u{301}a")], "\u{301}a"),
            ([(0, "e"), (0, "\u{301}")], "e\u{301}"),
            ([(0, "```c\nint"), (1, "two")], "```c\nint\n```\n\ntwo"),
            ([(0, "- a\n  ~~~\n  b\n"), (1, "two")], "- a\n  ~~~\n  b\n  ~~~\n\ntwo"),
            ([(0, "```\nx\n```"), (1, "two")], "```\nx\n```\n\ntwo"),
        ] as [([(Int, String)], String)]
    )
    func `joins messages by an empty line`(deltas: [(Int, String)], text: String) {
        var composer = ReplyComposer()

        for (index, delta) in deltas { composer.append(index: index, delta: delta) }

        #expect(composer.text == text)
        #expect(!composer.isEmpty)
    }

    @Test(arguments: ["", " ", "\r\n\n\t", "\u{200B}\u{2060}\u{FEFF}", "\u{0}\u{7}"])
    func `takes what shows nothing for no text`(delta: String) {
        var composer = ReplyComposer()

        composer.append(index: 0, delta: delta)
        composer.append(index: 1, delta: delta)

        #expect(composer.isEmpty)
        #expect(composer.text == "")
        #expect(composer.pages(limit: limit(10)) == [])
    }

    @Test func `keeps full pages while the last message grows`() {
        var composer = ReplyComposer()
        composer.append(index: 0, delta: "one two three four five")
        let before = composer.pages(limit: limit(16))

        composer.append(index: 0, delta: " six")
        composer.append(index: 1, delta: "7")

        #expect(before.map(\.source) == ["one two three", "four five"])
        #expect(composer.pages(limit: limit(16)).map(\.source) == ["one two three", "four five six\n\n7"])
    }

    @Test func `cuts anew when an earlier message grows after all`() {
        var composer = ReplyComposer()
        composer.append(index: 0, delta: "one")
        composer.append(index: 1, delta: "two three four")
        _ = composer.pages(limit: limit(16))

        composer.append(index: 0, delta: " more and more")

        #expect(composer.pages(limit: limit(16)).map(\.source) == ["one more and", "more\n\ntwo", "three four"])
    }

    private func limit(_ maximum: Int) -> Capabilities.TextLimit {
        Capabilities.TextLimit(maximum: maximum) { $0.source.utf16.count }
    }
}
