import Basics
import SurfaceKit
import Testing

@testable import Telegram

@Suite("Telegram’s HTML")
struct TelegramHTMLTests {
    @Test(arguments: [
        ("**b** *i* ~~s~~ `c`", "<b>b</b> <i>i</i> <s>s</s> <code>c</code>", "b i s c"),
        ("a < b & \"c\"", "a &lt; b &amp; &quot;c&quot;", "a < b & \"c\""),
        ("# Title\n\ntext", "<b>Title</b>\n\ntext", "Title\n\ntext"),
        (
            "```swift\nlet a = 1 < 2\n```", "<pre><code class=\"language-swift\">let a = 1 &lt; 2</code></pre>",
            "let a = 1 < 2"
        ),
        ("```\nx\n```", "<pre>x</pre>", "x"),
        ("> said\n>> twice", "<blockquote>said\n\ntwice</blockquote>", "said\n\ntwice"),
        ("- one\n- two\n  - deep", "• one\n• two\n   • deep", "• one\n• two\n   • deep"),
        ("3. c\n4. d", "3. c\n4. d", "3. c\n4. d"),
        ("- [x] done\n- [ ] open", "☑ done\n☐ open", "☑ done\n☐ open"),
        ("[site](https://x.org/?a=1&b=2)", "<a href=\"https://x.org/?a=1&amp;b=2\">site</a>", "site"),
        ("[run](javascript:x)", "run (javascript:x)", "run (javascript:x)"),
        ("![cat](https://x.org/c.png)", "<a href=\"https://x.org/c.png\">cat</a>", "cat"),
        ("a\n\n---\n\nb", "a\n\n———\n\nb", "a\n\n———\n\nb"),
        ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;", "<script>x</script>"),
        (
            "| a | b |\n|---|--:|\n| 1 | 22 |\n| **x** | y |",
            "<pre>a |  b\n--+---\n1 | 22\nx |  y</pre>",
            "a |  b\n--+---\n1 | 22\nx |  y"
        ),
    ])
    func `says in Telegram’s form what Markdown means`(markdown: String, html: String, plain: String) {
        let text = TelegramText(MessageText(markdown))

        #expect(text.html == html)
        #expect(text.plain == plain)
    }

    @Test func `counts what people see, in UTF-16 units`() {
        #expect(TelegramText.size(of: MessageText("**a** 😀 [x](https://long.example.org/address)")) == 6)
        #expect(TelegramText.size(of: MessageText("**a**", format: .plain)) == 5)
    }

    @Test func `is read by the server as it was meant`() async throws {
        let nested = "> - **bold _both `code`_** [a **b**](https://x.org)\n>\n> ```c\n> x<y\n> ```"
        let text = TelegramText(MessageText(nested))

        #expect(try await ServerReading.plain(text.html) == text.plain.trimmed())
    }
}
