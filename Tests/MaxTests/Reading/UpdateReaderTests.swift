import Basics
import SurfaceKit
import Testing

@testable import Max

@Suite("Reading updates of MAX")
struct UpdateReaderTests {
    private let reader = UpdateReader(bot: Samples.bot)

    private func message(_ update: JSONValue) throws -> InboundMessage {
        let event = try #require(reader.read(update).event)
        guard case .message(let message) = event.content else { throw NoMessage() }
        return message
    }

    struct NoMessage: Error {}

    @Test func `takes a text in a dialog`() throws {
        let event = try #require(reader.read(Samples.message(["text": "hi"])).event)

        #expect(event.id == "m45.mid.1")
        #expect(event.conversation == ConversationAddress(chat: "45"))
        #expect(event.chatKind == .direct)
        #expect(event.sender == Sender(id: "7", name: "Ann Lee", language: "ru"))
        #expect(event.sentAt == 1_790_000_000_000)
        #expect(event.content == .message(InboundMessage(id: "mid.1", text: "hi", addressed: true)))
    }

    @Test(arguments: [
        ("@helper_bot, how are you?", "how are you?", true), ("tell me @helper_bot please", "tell me please", true),
        ("no name", "no name", false), ("@helper_botany is green", "@helper_botany is green", false),
        ("mail x@helper_bot.org", "mail x@helper_bot.org", false), ("@Helper_Bot", "", true),
        ("/new@helper_bot", "/new@helper_bot", true), ("/new", "/new", false),
    ])
    func `knows in a group when it is named`(text: String, said: String, addressed: Bool) throws {
        let message = try message(Samples.message(["text": .string(text)], in: Samples.group))

        #expect(message.text == said)
        #expect(message.addressed == addressed)
    }

    @Test func `takes a mention by name out, wherever it stands in the text`() throws {
        let text = "👋 Helper Bot, hi"
        let marks: JSONValue = .array([Samples.mark("user_mention", 3, 10, ["user_id": 42])])

        let message = try message(Samples.message(["text": .string(text), "markup": marks], in: Samples.group))

        #expect(message.text == "👋 , hi")
        #expect(message.addressed)
    }

    @Test func `leaves other bots their commands`() {
        #expect(reader.read(Samples.message(["text": "/new@other_bot"], in: Samples.group)).event == nil)
        #expect(reader.read(Samples.message(["text": "/new@other_bot"])).event != nil)
    }

    @Test func `writes out what a link hides`() throws {
        let marks: JSONValue = .array([
            Samples.mark("link", 0, 4, ["url": "https://x.org/a"]),
            Samples.mark("link", 5, 5, ["url": "https://y.org"]),
        ])

        let message = try message(Samples.message(["text": "here y.org", "markup": marks]))

        #expect(message.text == "here (https://x.org/a) y.org")
    }

    @Test(arguments: [(0, 99), (-1, 2), (3, 0), (1, Int(Int64.max))])
    func `survives marks that lie outside of the text`(start: Int, length: Int) throws {
        let marks: JSONValue = .array([Samples.mark("user_mention", start, length, ["user_id": 42])])

        #expect(try message(Samples.message(["text": "abc", "markup": marks])).text == "abc")
    }

    @Test func `quotes what a message answers`() throws {
        let link: JSONValue = [
            "type": "reply", "chat_id": 45, "sender": Samples.helper,
            "message": [
                "mid": "mid.0", "seq": 0, "text": "mine", "attachments": [["type": "image", "payload": ["url": "u"]]],
            ],
        ]

        let message = try message(Samples.message(["text": "why?"], in: Samples.group, link: link))

        #expect(message.addressed)
        #expect(message.quote == QuotedMessage(id: "mid.0", author: nil, text: "mine"))
    }

    @Test func `takes along the files that a message answers`() throws {
        let link: JSONValue = [
            "type": "reply", "sender": ["user_id": 8, "first_name": "Bob", "is_bot": false],
            "message": [
                "mid": "mid.0", "seq": 0,
                "attachments": [
                    ["type": "file", "payload": ["url": "u", "token": "t"], "filename": "a.pdf", "size": 9]
                ],
            ],
        ]

        let quote = try #require(try message(Samples.message(["text": "?"], link: link)).quote)

        #expect(quote.author == "Bob")
        #expect(quote.files.map(\.name) == ["a.pdf"])
        let place = try #require(quote.files.first.flatMap { AttachmentPlace($0.reference) })
        #expect(
            place == AttachmentPlace(url: "u", kind: "file", token: "t", message: "mid.1", index: 0, isLinked: true)
        )
    }

    @Test func `asks about what is forwarded without a word`() throws {
        let link: JSONValue = [
            "type": "forward", "chat_id": 0, "sender": Samples.ann,
            "message": ["mid": "mid.0", "seq": 0, "text": "/stop right there"],
        ]

        let message = try message(Samples.message(["text": ""], link: link))

        #expect(message.text == "")
        #expect(message.isQuestion)
        #expect(message.quote == QuotedMessage(id: nil, author: "Ann Lee", text: "/stop right there"))
    }

    @Test func `takes a forward that has no body`() throws {
        var update = try #require(Samples.message([:]).object)
        var inner = try #require(update["message"]?.object)
        inner["body"] = .null
        inner["link"] = ["type": "forward", "message": ["mid": "mid.0", "seq": 0, "text": "news"]]
        update["message"] = .object(inner)

        let event = try #require(reader.read(.object(update)).event)

        #expect(event.id == "m45.t1790000000000")
    }

    @Test func `names the kinds of files`() throws {
        let attachments: JSONValue = [
            ["type": "image", "payload": ["photo_id": 1, "token": "a", "url": "https://i"]],
            ["type": "video", "payload": ["token": "b", "url": "https://v"]],
            ["type": "file", "payload": ["token": "c", "url": "https://f"], "filename": "Отчёт.XLSX", "size": 12],
            ["type": "file", "payload": ["token": "d", "url": "https://g"], "filename": "cat.jpg", "size": 3],
        ]

        let message = try message(Samples.message(["text": "look", "attachments": attachments]))

        #expect(message.files.map(\.kind) == [.image, .video, .document, .image])
        #expect(message.files.map(\.name) == ["image_1.webp", "video_2.mp4", "Отчёт.XLSX", "cat.jpg"])
        #expect(message.files.map(\.size) == [nil, nil, 12, 3])
        #expect(
            message.files[2].mimeType == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        )
        #expect(!message.isQuestion)
    }

    @Test(
        arguments: [
            (["type": "location", "latitude": 55.7, "longitude": 37.6], "[location: 55.7, 37.6]"),
            (["type": "sticker", "payload": ["url": "https://s", "code": "x"]], "[sticker]"),
            (["type": "audio", "payload": ["url": "https://a", "token": "t"], "transcription": "hello"], "hello"),
            (
                ["type": "contact", "payload": ["vcf_info": "BEGIN:VCARD\\r\\nFN:Bob\\r\\nTEL;TYPE=cell:+7900\\r\\n"]],
                "[contact: Bob +7900]"
            ),
            (["type": "share", "title": "News", "payload": ["url": "https://n"]], "[link: News — https://n]"),
            (["type": "hologram"], "[hologram]"),
        ] as [(JSONValue, String)]
    )
    func `puts into words what is no file`(attachment: JSONValue, words: String) throws {
        let message = try message(Samples.message(["attachments": [attachment]]))

        #expect(message.text == words)
        #expect(message.isQuestion != (attachment["type"]?.string == "share"))
    }

    @Test(
        arguments: [
            (["update_type": "message_created", "timestamp": 1], "message without content"),
            (["update_type": "quantum_leap", "timestamp": 1], "update quantum_leap"),
            (["timestamp": 1], "update without a kind"),
            (Samples.message(["attachments": [["type": "hologram"]]]), "attachment hologram"),
            (Samples.message(["text": "x"], in: ["chat_type": "dialog"]), "message without a chat"),
        ] as [(JSONValue, String)]
    )
    func `counts what it cannot read`(update: JSONValue, oddity: String) {
        #expect(reader.read(update).oddities == [oddity])
    }

    @Test(
        arguments: [
            Samples.message(["text": "post"], in: ["chat_id": -5, "chat_type": "channel"], by: nil),
            Samples.message(["text": "x"], in: ["chat_id": -5, "chat_type": "chat", "post_id": "p"]),
            Samples.message(["text": "x"], by: Samples.helper), Samples.message([:]),
            ["update_type": "dialog_cleared", "chat_id": 45, "user": Samples.ann, "timestamp": 1],
            ["update_type": "bot_removed", "chat_id": -5, "user": Samples.ann, "is_channel": true, "timestamp": 1],
            ["update_type": "message_edited"], ["update_type": "bot_started"], [], "text", nil, 5,
        ] as [JSONValue]
    )
    func `makes no event of what does not concern it`(update: JSONValue) { #expect(reader.read(update).event == nil) }

    @Test func `never makes a second question of an edit`() throws {
        let update = Samples.message(["text": "@helper_bot better"], in: Samples.group, kind: "message_edited")
        let event = try #require(reader.read(update).event)

        #expect(event.content == .edited("mid.1", text: "better"))
        #expect(event == reader.read(update).event)
    }

    @Test func `tells starts with their payload, and ends`() throws {
        func event(_ kind: String, _ more: JSONValue = [:]) throws -> InboundEvent {
            var update = try #require(more.object)
            update["update_type"] = .string(kind)
            update["timestamp"] = 5
            update["chat_id"] = 45
            update["user"] = Samples.ann
            return try #require(reader.read(.object(update)).event)
        }

        #expect(
            try event("bot_started", ["payload": "ref-1", "user_locale": "ru_RU"]).content == .started(payload: "ref-1")
        )
        #expect(try event("bot_started", ["user_locale": "ru_RU"]).sender.language == "ru-RU")
        #expect(try event("bot_started").content == .started(payload: nil))
        #expect(try event("bot_stopped").content == .left)
        #expect(try event("dialog_removed").content == .left)
        #expect(try event("bot_removed", ["is_channel": false]).chatKind == .group)
    }

    @Test func `survives anything`() {
        let whole = Samples.message(
            ["text": "a @helper_bot b", "markup": .array([Samples.mark("link", 0, 1, ["url": "u"])])],
            link: ["type": "reply", "message": ["text": "x"], "sender": Samples.ann]
        )
        for seed in 0..<3000 { _ = reader.read(damaged(whole, seed: UInt64(seed))) }
    }

    /// `value` with one of its parts replaced by something else.
    private func damaged(_ value: JSONValue, seed: UInt64) -> JSONValue {
        var generator = Seeded(state: seed)
        return damaged(value, &generator)
    }

    private func damaged(_ value: JSONValue, _ generator: inout Seeded) -> JSONValue {
        let others: [JSONValue] = [
            .null, 0, -1, "", "x", [], [:], true, 1e300, JSONValue(Int64.max), JSONValue(Int64.min),
        ]
        if Int.random(in: 0..<6, using: &generator) == 0 { return others.randomElement(using: &generator) ?? .null }
        switch value {
        case .array(let values): return .array(values.map { damaged($0, &generator) })
        case .object(let object):
            return .object(JSONObject(object.members.map { .init(key: $0.key, value: damaged($0.value, &generator)) }))
        default: return value
        }
    }

    private struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }
}
