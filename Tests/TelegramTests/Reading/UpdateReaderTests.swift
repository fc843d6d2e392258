import Basics
import SurfaceKit
import Testing

@testable import Telegram

@Suite("Updates")
struct UpdateReaderTests {
    private let reader = UpdateReader(bot: Samples.bot)

    private func event(_ update: JSONValue, _ reader: UpdateReader? = nil) -> InboundEvent? {
        switch (reader ?? self.reader).read(update) {
        case .event(let event): event
        case .part(let part): part.event
        case nil: nil
        }
    }

    private func said(_ content: JSONValue, in chat: JSONValue = Samples.direct) -> InboundMessage? {
        guard
            case .message(let message)? = event(Samples.update("message", Samples.message(content, in: chat)))?.content
        else { return nil }
        return message
    }

    @Test func `reads who said what, where and when`() throws {
        let event = try #require(self.event(Samples.update("message", Samples.message(["text": "hi"]))))

        #expect(event.id == "m7.10")
        #expect(event.conversation == ConversationAddress(chat: "7"))
        #expect(event.chatKind == .direct)
        #expect(event.sender == Sender(id: "7", name: "Ann Lee", language: "en"))
        #expect(event.sentAt == 1_790_000_000_000)
        #expect(event.content == .message(InboundMessage(id: "10", text: "hi", addressed: true)))
    }

    @Test(arguments: [
        ("@helper_bot what now?", Samples.entity("mention", 0, 11), "what now?", true),
        ("@Helper_Bot, what now?", Samples.entity("mention", 0, 11), "what now?", true),
        ("👍 ask @helper_bot now", Samples.entity("mention", 7, 11), "👍 ask now", true),
        ("thanks @helper_bot", Samples.entity("mention", 7, 11), "thanks", true),
        ("@someone what now?", Samples.entity("mention", 0, 8), "@someone what now?", false),
        ("Helper, hi", Samples.entity("text_mention", 0, 6, ["user": ["id": 42]]), "hi", true),
        ("/new@Helper_bot", Samples.entity("bot_command", 0, 15), "/new@Helper_bot", true),
        ("/new", Samples.entity("bot_command", 0, 4), "/new", false),
        ("see this", Samples.entity("text_link", 4, 4, ["url": "https://x.org/"]), "see this (https://x.org/)", false),
    ])
    func `knows in a group when it is meant, and drops the mention`(
        text: String,
        entity: JSONValue,
        expected: String,
        isAddressed: Bool
    ) throws {
        let message = try #require(self.said(["text": .string(text), "entities": [entity]], in: Samples.group))

        #expect(message.text == expected)
        #expect(message.addressed == isAddressed)
    }

    @Test(arguments: [Int64.max, .min, Int64.max / 1000 + 1])
    func `takes a message whose date no clock shows`(date: Int64) throws {
        let message = Samples.message(["text": "hi", "date": JSONValue(date)])

        let event = try #require(self.event(Samples.update("message", message)))

        #expect(event.sentAt == nil)
    }

    @Test(arguments: [(Int64.max, Int64.max), (1, .max), (.max, 1), (.min, 1), (0, .min), (1_000, 1)])
    func `takes a message whose entity lies outside its text`(offset: Int64, length: Int64) throws {
        let entity: JSONValue = ["type": "mention", "offset": JSONValue(offset), "length": JSONValue(length)]

        let message = try #require(self.said(["text": "@helper_bot hi", "entities": [entity]]))

        #expect(message.text == "@helper_bot hi")
    }

    @Test func `ignores commands for other bots in groups`() {
        let content: JSONValue = ["text": "/new@other_bot", "entities": [Samples.entity("bot_command", 0, 14)]]

        #expect(said(content, in: Samples.group) == nil)
    }

    @Test(arguments: [("/start", ""), ("/start abc-1", "abc-1")])
    func `reads a start with its payload`(text: String, payload: String) {
        let update = Samples.update("message", Samples.message(["text": .string(text)]))

        #expect(event(update)?.content == .started(payload: payload))
    }

    @Test(arguments: [
        ("photo", "image/jpeg", FileKind.image, false), ("voice", "audio/ogg", .audio, true),
        ("video_note", "video/mp4", .video, true), ("audio", "audio/mpeg", .audio, false),
        ("video", "video/mp4", .video, false), ("document", "application/pdf", .document, false),
        ("animation", "video/mp4", .video, false), ("sticker", "image/webp", .image, true),
    ])
    func `reads files of every sort`(field: String, mimeType: String, kind: FileKind, isQuestion: Bool) throws {
        let file: JSONValue = ["file_id": "F1", "file_size": 12, "mime_type": .string(mimeType)]
        let small: JSONValue = ["file_id": "F0", "file_size": 1]
        let content = JSONObject([.init(key: field, value: field == "photo" ? [small, file] : file)])
        let message = try #require(self.said(.object(content)))

        let read = try #require(message.files.first)
        #expect(read.reference == FileReference("F1"))
        #expect((read.kind, read.mimeType, read.size ?? 0) == (kind, mimeType, 12))
        #expect(!read.name.isEmpty)
        #expect(message.isQuestion == isQuestion)
    }

    @Test(
        arguments: [
            (["location": ["latitude": 55.75, "longitude": -37.6]] as JSONValue, "[location: 55.75, -37.6]"),
            (["contact": ["first_name": "Bob", "phone_number": "+1"]], "[contact: Bob +1]"),
            (["sticker": ["file_id": "S", "emoji": "😀", "is_animated": true]], "[sticker 😀]"),
            (["dice": ["emoji": "🎲", "value": 4]], "[🎲 4]"),
            (
                ["poll": ["question": "Tea?", "options": [["text": "yes"], ["text": "no"]]]],
                "[poll: Tea?]\n- yes\n- no"
            ),
            (
                [
                    "location": ["latitude": 1.5, "longitude": 2],
                    "venue": ["title": "Café", "address": "Main St", "location": ["latitude": 1.5, "longitude": 2]],
                ],
                "[place: Café, Main St, 1.5, 2]"
            ),
        ] as [(JSONValue, String)]
    )
    func `puts what is no file into words`(content: JSONValue, words: String) throws {
        let message = try #require(self.said(content))

        #expect(message.text == words)
        #expect(message.isQuestion)
    }

    @Test func `tells what a message replies to`() throws {
        let original = Samples.message(["text": "Buy milk", "from": ["id": 9, "first_name": "Bob"]], number: 5)
        let message = try #require(self.said(["text": "done", "reply_to_message": original], in: Samples.group))

        #expect(message.quote == QuotedMessage(id: "5", author: "Bob", text: "Buy milk"))
        #expect(!message.addressed)
    }

    @Test func `is addressed by a reply to its own message`() throws {
        let own = Samples.message(["text": "An answer.", "from": ["id": 42, "is_bot": true]], number: 5)
        let content: JSONValue = ["text": "why?", "reply_to_message": own, "quote": ["text": "answer", "position": 3]]
        let message = try #require(self.said(content, in: Samples.group))

        #expect(message.addressed)
        #expect(message.quote == QuotedMessage(id: "5", author: nil, text: "answer"))
    }

    @Test func `quotes a forwarded text and never takes it as a command`() throws {
        let content: JSONValue = [
            "text": "/reset", "forward_origin": ["type": "hidden_user", "sender_user_name": "Eve"],
        ]
        let message = try #require(self.said(content))

        #expect(message.text.isEmpty)
        #expect(message.quote == QuotedMessage(id: nil, author: "Eve", text: "/reset"))
        #expect(message.isQuestion)
    }

    @Test func `flattens rich messages`() throws {
        let content: JSONValue = [
            "rich_message": [
                "blocks": [
                    ["type": "section_heading", "text": "Plan"],
                    ["type": "paragraph", "text": ["See ", ["type": "bold", "text": "this"]]],
                    ["type": "list", "items": [["label": "1.", "blocks": [["type": "paragraph", "text": "one"]]]]],
                    ["type": "table", "cells": [[["text": "a"], ["text": ["type": "code", "text": "b"]]]]],
                ]
            ]
        ]

        #expect(said(content)?.text == "Plan\n\nSee this\n\n1. one\n\na | b")
    }

    // MARK: Places

    @Test func `makes a topic a conversation of its own, but not General`() throws {
        let topic: JSONValue = ["text": "hi", "message_thread_id": 77, "is_topic_message": true]
        let general: JSONValue = ["text": "hi", "message_thread_id": 1, "is_topic_message": true]
        let thread: JSONValue = ["text": "hi", "message_thread_id": 77]
        func place(of content: JSONValue) -> ThreadID? {
            self.event(Samples.update("message", Samples.message(content, in: Samples.forum)))?.conversation.thread
        }

        #expect(place(of: topic) == "77")
        #expect(place(of: general) == nil)
        #expect(place(of: thread) == nil)
    }

    @Test(arguments: [(true, "5"), (false, nil)] as [(Bool, String?)])
    func `follows topics of private chats only where they are on`(topics: Bool, thread: String?) {
        let reader = UpdateReader(bot: Samples.account(topics: topics))
        let content: JSONValue = ["text": "hi", "message_thread_id": 5, "is_topic_message": true]
        let event = self.event(Samples.update("message", Samples.message(content)), reader)

        #expect(event?.conversation.thread?.rawValue == thread)
    }

    @Test func `does not take the head of a topic for a reply to itself`() throws {
        let head = Samples.message(
            ["forum_topic_created": ["name": "T"], "from": ["id": 42, "is_bot": true]],
            number: 77
        )
        let content: JSONValue = [
            "text": "hi", "message_thread_id": 77, "is_topic_message": true, "reply_to_message": head,
        ]
        let message = try #require(self.said(content, in: Samples.forum))

        #expect(!message.addressed)
        #expect(message.quote == nil)
    }

    // MARK: Changes

    @Test func `reports an edit once for each version`() throws {
        func edit(_ text: String) -> InboundEvent? {
            let content: JSONValue = ["text": .string(text), "edit_date": 1_790_000_100]
            return event(Samples.update("edited_message", Samples.message(content)))
        }

        #expect(edit("two")?.content == .edited("10", text: "two"))
        #expect(edit("two")?.id == edit("two")?.id)
        #expect(edit("two")?.id != edit("three")?.id)
    }

    @Test(arguments: ["left", "kicked"])
    func `leaves a chat that it was removed from`(status: String) {
        let change: JSONValue = [
            "chat": Samples.group, "from": Samples.ann, "date": 1_790_000_000,
            "old_chat_member": ["status": "member"], "new_chat_member": ["status": .string(status)],
        ]

        #expect(event(Samples.update("my_chat_member", change))?.content == .left)
    }

    @Test func `reports a migration once, whichever chat tells it`() {
        let old: JSONValue = ["id": -500, "type": "group", "title": "Team"]
        let told = event(Samples.update("message", Samples.message(["migrate_to_chat_id": -100_500], in: old)))
        let again = event(Samples.update("message", Samples.message(["migrate_from_chat_id": -500], in: Samples.group)))

        #expect(told?.content == .moved(to: "-100500"))
        #expect(told?.conversation.chat == "-500")
        #expect(again?.content == told?.content)
        #expect(again?.id == told?.id)
        #expect(again?.conversation == told?.conversation)
    }

    @Test func `tells which draft is to stop`() {
        let stop = Samples.update("stopped_message_generation", ["chat": Samples.direct, "draft_id": 99])

        #expect(event(stop)?.content == .stopRequested("99"))
        #expect(event(stop)?.sender.id == "7")
    }

    @Test(arguments: [
        Samples.update(
            "message",
            Samples.message(["text": "x", "from": ["id": 8, "is_bot": true, "first_name": "B"]])
        ),
        Samples.update("message", Samples.message(["text": "x", "ephemeral_message_id": 3], number: 0)),
        Samples.update("message", Samples.message(["new_chat_members": [Samples.ann]], in: Samples.group)),
        Samples.update("message", Samples.message(["pinned_message": Samples.message(["text": "x"])])),
        Samples.update("channel_post", Samples.message(["text": "x"])),
        Samples.update("business_message", Samples.message(["text": "x"])),
        Samples.update("edited_message", Samples.message(["location": ["latitude": 1, "longitude": 2]])),
        Samples.update("something_new", ["text": "x"]), ["update_id": 1], [:], [],
    ])
    func `ignores what does not concern it`(update: JSONValue) {
        #expect(reader.read(update) == nil)
    }
}
