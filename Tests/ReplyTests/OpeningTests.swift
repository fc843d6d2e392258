import Replies
import SurfaceKit
import Testing

@Suite("Opening")
struct OpeningTests {
    @Test(arguments: [
        ("one two three", "one two…"),
        ("one\n\ntwo", "one…"),
        ("one", "…"),
        ("…", "… …"),
        ("…\n", "… …"),
        ("one two…", "one…"),
        ("one two …", "one…"),
        ("one …", "…"),
        ("one\n\n…", "…"),
        ("one\ntwo three", "one\ntwo…"),
        ("\u{301} \n one two", "\u{301}\none…"),
        (String(repeating: "x", count: 10_000), "…"),
        (String(repeating: "x", count: 10_000) + " y", "…"),
        (String(repeating: "ab ", count: 10_000), Array(repeating: "ab", count: 40).joined(separator: " ") + "…"),
        (
            String(repeating: "abcdefghi ", count: 100),
            Array(repeating: "abcdefghi", count: 20).joined(separator: " ") + "…"
        ),
        // What cannot be written again is told in bare characters.
        ("|a|b|\n|-|-|\n|one|two|\n\nthree", "a | b\none | two…"),
    ])
    func `holds the first words`(source: String, opening: String) {
        #expect(ReplyComposer.opening(of: MessageText(source)) == MessageText(opening, format: .plain))
    }

    @Test(
        arguments: [
            ("# A long answer\n\nIt does go on", "# A long answer…"),
            ("# Head\n\n- one\n- two", "# Head…"),
            ("---\n\n# Head\n\none", "# Head…"),
            ("# Head", nil),
            ("- one\n- two\n  - three\n  - four", "- one\n- two\n  - three…"),
            ("- one\n\n- two three", "- one\n\n- two…"),
            ("3. [x] one two\n4. three", "3. [x] one two…"),
            ("> one **two three** four", "> one **two three…**"),
            ("```swift\nlet a = 1\n```", "```swift\nlet a =…\n```"),
            ("**one two** `three` four", "**one two** `three…`"),
            ("**one two** [three](http://a.b/c d", "**one two** \\[three\\](http\\://a.b/c…"),
            ("[one two](u) three four", "[one two](<u>) three…"),
            ("[one two](u)", "one…"),
            ("*one **two*** three four", "*one **two*** three…"),
            ("mail a@b.c **now and** then", "mail [a@b.c](<mailto:a@b.c>) **now and…**"),
        ] as [(String, String?)]
    )
    func `keeps the form of the first block`(source: String, opening: String?) {
        let shown = ReplyComposer.opening(of: MessageText(source))

        #expect(shown.source == opening ?? "…")
        #expect(FormattedText(shown).plainText.hasSuffix("…"))
    }

    @Test func `takes plain text literally, up to an empty line`() {
        let text = MessageText("# one\n- two\n \nthree", format: .plain, isPublic: true)

        #expect(
            ReplyComposer.opening(of: text) == MessageText("# one\n- two…", format: .plain, isPublic: true)
        )
    }

    @Test(arguments: UInt64(1)...100)
    func `is never the whole`(seed: UInt64) {
        var random = RandomMarkdown(seed: seed)
        let limit = Capabilities.TextLimit(maximum: random.limit() / 4) { $0.source.utf16.count }

        for page in MarkdownPager.pages(of: MessageText(random.document(blocks: 3)), limit: limit) {
            let opening = FormattedText(ReplyComposer.opening(of: page)).plainText
            let words = FormattedText(page).plainText.split(whereSeparator: \.isWhitespace)
            let shown = opening.dropLast().split(whereSeparator: \.isWhitespace)
            #expect(opening.hasSuffix("…"))
            // Rules in front of the first words are left out.
            #expect(words.drop { $0 == "———" }.starts(with: shown) && shown.count < words.count)
            #expect(shown.count <= 40 && opening.count <= 200)
        }
    }
}
