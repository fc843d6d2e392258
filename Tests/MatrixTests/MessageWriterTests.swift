import Basics
import SurfaceKit
import Testing

@testable import Matrix

@Suite("Writing Matrix messages")
struct MessageWriterTests {
    // MARK: HTML

    @Test(arguments: [
        ("**bold** and *it*", "<strong>bold</strong> and <em>it</em>"),
        ("`a<b`", "<code>a&lt;b</code>"),
        ("~~old~~ x", "<del>old</del> x"),
        ("*a*\nb", "<em>a</em><br>b"),
        ("# Head\n\ntext", "<h1>Head</h1><p>text</p>"),
        ("```swift\nlet x = 1 < 2\n```", "<pre><code class=\"language-swift\">let x = 1 &lt; 2\n</code></pre>"),
        ("> quote", "<blockquote><p>quote</p></blockquote>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("3. a\n4. b", "<ol start=\"3\"><li>a</li><li>b</li></ol>"),
        ("- [x] done\n- [ ] open", "<ul><li>☑ done</li><li>☐ open</li></ul>"),
        ("a\n\n---\n\nb", "<p>a</p><hr><p>b</p>"),
        (
            "| a | b |\n| - | - |\n| 1 | 2 |",
            "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>"
        ),
        ("[x](https://a.b/?c=d&e=\"f\")", "<a href=\"https://a.b/?c=d&amp;e=&quot;f&quot;\">x</a>"),
        ("![cat](https://a.b/c.png)", "<a href=\"https://a.b/c.png\">cat</a>"),
        ("\\*stars\\*", "*stars*"),
        ("x <b>raw</b> **x**", "x &lt;b&gt;raw&lt;/b&gt; <strong>x</strong>"),
    ])
    func `become the HTML that clients show`(markdown: String, html: String) {
        #expect(MatrixHTML.html(ofMarkdown: markdown) == html)
    }

    @Test(arguments: [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd",
        "relative", "//host/x", "",
    ])
    func `never link to what could run`(destination: String) {
        #expect(MatrixHTML.html(ofMarkdown: "**a** [x](<\(destination)>)") == "<strong>a</strong> x")
    }

    @Test(arguments: ["plain", "two\nlines", "two\n\nparagraphs", "a < b & c", "Grüße 👩‍👩‍👧‍👦", "snake_case_name"])
    func `carry no HTML when characters say the same`(text: String) {
        let content = MessageWriter.content(of: MessageText(text))

        #expect(content["body"] == .string(text))
        #expect(content["format"] == nil && content["formatted_body"] == nil)
    }

    @Test func `take a plain text as it is`() {
        let content = MessageWriter.content(of: MessageText("**not bold**", format: .plain))

        #expect(content["formatted_body"] == nil)
        #expect(content["body"] == "**not bold**")
    }

    // MARK: Places

    @Test func `notify nobody but who asked`() {
        let content = MessageWriter.content(of: MessageText("hi @ann:a.b"))

        #expect(content["m.mentions"] == .object(JSONObject()))
        let answer = MessageWriter.placed(content, in: nil, answering: "$q", by: "@ann:a.b")
        #expect(answer["m.mentions"] == ["user_ids": ["@ann:a.b"]])
        #expect(answer["m.relates_to"] == ["m.in_reply_to": ["event_id": "$q"]])
    }

    @Test func `stay in their thread`() {
        let content = MessageWriter.content(of: MessageText("x"))
        let plain = MessageWriter.placed(content, in: "$root", answering: nil, by: nil)
        let reply = MessageWriter.placed(content, in: "$root", answering: "$q", by: nil)

        #expect(
            plain["m.relates_to"] == [
                "rel_type": "m.thread", "event_id": "$root", "is_falling_back": true,
                "m.in_reply_to": ["event_id": "$root"],
            ]
        )
        #expect(
            reply["m.relates_to"] == [
                "rel_type": "m.thread", "event_id": "$root", "is_falling_back": false,
                "m.in_reply_to": ["event_id": "$q"],
            ]
        )
    }

    @Test func `replace the original, with a form for clients that know no edits`() {
        let content = MessageWriter.content(of: MessageText("**new**"))

        let edit = MessageWriter.replacing("$original", with: content)

        #expect(edit["body"] == "* **new**")
        #expect(edit["formatted_body"] == "* <strong>new</strong>")
        #expect(edit["m.new_content"] == .object(content))
        #expect(edit["m.relates_to"] == ["rel_type": "m.replace", "event_id": "$original"])
        #expect(edit["m.mentions"] == .object(JSONObject()))
    }

    @Test func `are a notice where they are a remark`() {
        #expect(MessageWriter.content(of: MessageText("x"), isNotice: true)["msgtype"] == "m.notice")
        #expect(MessageWriter.content(of: MessageText("x"))["msgtype"] == "m.text")
    }

    // MARK: Size

    @Test(arguments: ["x", "ж", "\"\\\n", "**x** ", "<&> *a*\n", "`\u{1}`"])
    func `fit into an event, also as an edit`(unit: String) {
        var text = MessageText(unit)
        while MessageWriter.size(of: MessageText(text.source + text.source)) <= MessageWriter.largestText {
            text = MessageText(text.source + text.source)
        }

        let edit = MessageWriter.replacing(
            "$" + String(repeating: "x", count: 254),
            with: MessageWriter.content(of: text)
        )

        let content = JSONValue.object(edit).encoded.count
        #expect(content <= 2 * MessageWriter.size(of: text) + 1_000)
        // Two thirds more than that is where homeservers stop, with every other field of the event at its largest.
        #expect(2 * MessageWriter.largestText + 1_000 < 65_536 - 16_384)
    }

    @Test func `grow in size with their text`() {
        let sizes = (0..<200).map { MessageWriter.size(of: MessageText(String(repeating: "*a* ", count: $0))) }

        #expect(sizes == sizes.sorted())
    }
}
