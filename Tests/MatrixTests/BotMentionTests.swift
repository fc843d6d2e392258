import Basics
import Testing

@testable import Matrix

@Suite("Mentions of the bot")
struct BotMentionTests {
    private let mention = BotMention(user: "@bot:localhost", displayName: "The Bot")
    private static let mentioned: JSONValue = ["user_ids": ["@bot:localhost"]]

    @Test(
        arguments: [
            (["body": "The Bot: hi", "m.mentions": ["user_ids": ["@bot:localhost"]]], true),
            (["body": "hi", "m.mentions": ["user_ids": ["@ann:localhost", "@bot:localhost"]]], true),
            (["body": "bot in text, but {}", "m.mentions": [:]], false),
            (["body": "@bot:localhost hi", "m.mentions": ["user_ids": ["@ann:localhost"]]], false),
            (["body": "@room hi", "m.mentions": ["room": true]], false),
            // Clients that know no m.mentions.
            (
                [
                    "body": "The Bot: hi",
                    "formatted_body": "<a href=\"https://matrix.to/#/@bot:localhost\">The Bot</a>: hi",
                ], true
            ),
            (["body": "x", "formatted_body": "hi <a href='https://matrix.to/#/%40bot%3Alocalhost?via=a'>x</a>"], true),
            (["body": "x", "formatted_body": "<a href=\"matrix:u/bot:localhost\">x</a>"], true),
            (["body": "x", "formatted_body": "<a href=\"https://matrix.to/#/@bot:localhost.evil\">x</a>"], false),
            (["body": "x", "formatted_body": "<a href=\"https://matrix.to/#/!room:localhost/$e\">x</a>"], false),
            (["body": "what does @bot:localhost say?"], true),
            (["body": "the bot: hi"], true), (["body": "bot, hi"], true), (["body": "@bot hi"], true),
            (["body": "The Bot is broken"], false), (["body": "robot: hi"], false), (["body": "I like the bot"], false),
        ] as [(JSONValue, Bool)]
    )
    func `are found where clients put them`(content: JSONValue, isMade: Bool) {
        #expect(mention.isMade(in: content, saying: content["body"]?.string ?? "") == isMade)
    }

    @Test(arguments: [
        ("The Bot: hi", "hi"), ("The Bot, hi", "hi"), ("@The Bot hi", "hi"), ("@bot: hi", "hi"), ("bot: hi", "hi"),
        ("@bot:localhost: hi", "hi"), ("@bot:localhost hi", "hi"), ("@BOT: hi", "hi"),
        ("hi @bot:localhost", "hi"), ("hi @The Bot", "hi"), ("The Bot is broken", "The Bot is broken"),
        ("ask the bot: why", "ask the bot: why"), ("@botanist hi", "@botanist hi"), ("mail to x@bot", "mail to x@bot"),
        ("The Bot:\n\n  two\nlines", "two\nlines"), ("@bot:localhost", ""),
    ])
    func `are taken out of the text`(text: String, rest: String) {
        #expect(mention.stripped(text, of: ["m.mentions": Self.mentioned]) == rest)
    }

    @Test(arguments: [
        ("Botty: hi", "hi"), ("Botty hi", "hi"), ("hi Botty", "hi"),
        ("[Botty](https://matrix.to/#/@bot:localhost): hi", "hi"),
    ])
    func `are taken out by the name that the client showed`(text: String, rest: String) {
        let content: JSONValue = ["formatted_body": "<a href=\"https://matrix.to/#/@bot:localhost\">Botty</a>: hi"]

        #expect(mention.stripped(text, of: content) == rest)
    }

    @Test(arguments: [
        ("> <@ann:a.b> ask @bot:localhost\n\nno", false), ("> <@bot:localhost> hi\n\nno", false),
        ("> <@ann:a.b> hi\n\n@bot:localhost what?", true),
    ])
    func `in a quotation do not count`(body: String, isAddressed: Bool) {
        let content: JSONValue = [
            "msgtype": "m.text", "body": .string(body),
            "formatted_body": """
            <mx-reply><a href="https://matrix.to/#/@bot:localhost">bot</a></mx-reply>text
            """,
            "m.relates_to": ["m.in_reply_to": ["event_id": "$1"]],
        ]

        #expect(MessageReading(content, type: "m.room.message", mention: mention)?.isAddressed == isAddressed)
    }

    @Test func `alone stay, unless they point at another message`() throws {
        let alone: JSONValue = ["msgtype": "m.text", "body": "@bot", "m.mentions": Self.mentioned]
        let pointing: JSONValue = [
            "msgtype": "m.text", "body": "@bot", "m.mentions": Self.mentioned,
            "m.relates_to": ["m.in_reply_to": ["event_id": "$file"]],
        ]

        #expect(MessageReading(alone, type: "m.room.message", mention: mention)?.text == "@bot")
        #expect(MessageReading(pointing, type: "m.room.message", mention: mention)?.text == "")
    }
}

@Suite("Quotations of older clients")
struct ReplyFallbackTests {
    @Test(arguments: [
        ("> <@ann:a.b> one\n\nanswer", "@ann:a.b", "one", "answer"),
        ("> <@ann:a.b> one\n> two\n>\n> three\n\nfirst\n\nsecond", "@ann:a.b", "one\ntwo\n\nthree", "first\n\nsecond"),
        ("> * <@ann:a.b> waves\n\nhello", "@ann:a.b", "waves", "hello"),
        ("> no author\n\nanswer", nil, "no author", "answer"),
        ("> <not a name> x\n\nanswer", nil, "<not a name> x", "answer"),
    ])
    func `are cut off`(body: String, author: String?, quoted: String, rest: String) {
        let fallback = ReplyFallback(body)

        #expect(fallback?.author == author)
        #expect(fallback?.quoted == quoted)
        #expect(fallback?.rest == rest)
    }

    @Test(arguments: ["answer", "", "> only a quotation", "> quotation\nanswer without an empty line", "a\n> b\n\nc"])
    func `are not seen where there are none`(body: String) {
        #expect(ReplyFallback(body) == nil)
    }
}
