import Basics
import Sandbox
import SurfaceKit
import Testing

@testable import Max

@Suite("MAX’s HTML")
struct MaxHTMLTests {
    @Test(arguments: [
        ("**b** *i* ~~s~~ `c`", "<b>b</b> <i>i</i> <s>s</s> <code>c</code>", "b i s c"),
        ("**a < b** & \"c\"", "<b>a &lt; b</b> &amp; &quot;c&quot;", "a < b & \"c\""),
        ("# Title\n\ntext", "<b>Title</b>\n\ntext", "Title\n\ntext"),
        ("```swift\nlet a = 1 < 2\n```", "<pre>let a = 1 &lt; 2</pre>", "let a = 1 < 2"),
        ("> said\n>> twice\n\n**x**", "&gt; said\n&gt; \n&gt; &gt; twice\n\n<b>x</b>", "> said\n> \n> > twice\n\nx"),
        ("- one\n- **two**\n  - deep", "• one\n• <b>two</b>\n   • deep", "• one\n• two\n   • deep"),
        ("3. c\n4. *d*", "3. c\n4. <i>d</i>", "3. c\n4. d"),
        ("[site](https://x.org/?a=1&b=2)", "<a href=\"https://x.org/?a=1&amp;b=2\">site</a>", "site"),
        ("**x** [run](javascript:x)", "<b>x</b> run (javascript:x)", "x run (javascript:x)"),
        ("![cat](https://x.org/c.png)", "<a href=\"https://x.org/c.png\">cat</a>", "cat"),
        (
            "| a | b |\n|---|--:|\n| 1 | 22 |", "<pre>a |  b\n--+---\n1 | 22</pre>", "a |  b\n--+---\n1 | 22"
        ),
    ])
    func `says in MAX’s form what Markdown means`(markdown: String, html: String, plain: String) {
        let text = MaxText(MessageText(markdown))

        #expect(text.html == html)
        #expect(text.plain == plain)
        #expect(text.isMarked)
    }

    @Test(arguments: ["a < b & \"c\"", "- [x] done\n- [ ] open", "snake_case_name", "https://x.org", "a\n\n---\n\nb"])
    func `sends characters alone where nothing is marked`(markdown: String) {
        let text = MaxText(MessageText(markdown))

        #expect(!text.isMarked)
        #expect(MaxText.size(of: MessageText(markdown)) == text.plain.utf16.count)
    }

    @Test func `counts what is sent, markup included, in UTF-16 units`() {
        #expect(MaxText.size(of: MessageText("**a** 😀")) == "<b>a</b> 😀".utf16.count)
        #expect(MaxText.size(of: MessageText("**a**", format: .plain)) == 5)
    }

    @Test func `is read by the service as it was meant`() throws {
        let nested = "> - **bold _both `code`_** [a **b**](https://x.org)\n>\n> ```c\n> x<y\n> ```"
        let text = MaxText(MessageText(nested))

        #expect(MaxMarkup.read(text.html, format: "html").text == text.plain)
    }

    @Test func `keeps every character, whatever the agent writes`() {
        let pieces = [
            "**", "_", "`", "```\n", "[a](", ")", "<b>", "&amp;", "&", "\"", "> ", "- ", "1. ", "# ", "|a|b|\n|-|-|\n",
            "\n",
            "\n\n", "ж", "😀", "\\", "~~", "![", "https://x.org ", "x", " ",
        ]
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let source = (0..<Int.random(in: 1...30, using: &generator))
                .map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            let text = MaxText(MessageText(source))
            #expect(MaxMarkup.read(text.html, format: "html").text == text.plain, "\(source.debugDescription)")
        }
    }
}
