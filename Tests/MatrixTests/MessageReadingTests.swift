import Basics
import SurfaceKit
import Testing

@testable import Matrix

@Suite("Reading Matrix messages")
struct MessageReadingTests {
    private let mention = BotMention(user: "@bot:localhost", displayName: "The Bot")

    // MARK: What real clients and servers send

    /// A conversation in a group, as the server delivers it.
    private func conversation() throws -> [InboundDraft] {
        let room = try Fixture.sync("sync-messages").onlyRoom
        return try SyncReader.test.read("sync-messages", rooms: [room: Room(joinedCount: 3)]).drafts
    }

    @Test func `reads texts, captions and places, and nothing else`() throws {
        #expect(
            try conversation().texts == [
                "hi", "look at this", "", "", "", "Berlin\ngeo:52.52,13.405", "", "and why?", "root", "in thread",
                "!help",
            ]
        )
    }

    @Test func `reads files`() throws {
        let files = try conversation().messages.flatMap(\.files)

        #expect(
            files.map(\.name) == ["dot.png", "report.pdf", "dot.png", "Voice message.ogg", "cat"]
        )
        #expect(files.map(\.kind) == [.image, .document, .image, .audio, .image])
        #expect(
            files.map(\.mimeType) == ["image/png", "application/pdf", "image/png", "audio/ogg", "image/webp"]
        )
        #expect(files.map(\.size) == [70, 70, nil, 9000, nil])
    }

    @Test func `knows what is a question by itself`() throws {
        let questions = try conversation().messages.filter(\.isQuestion)

        #expect(
            questions.map { $0.files.first?.name ?? $0.text } == [
                "Voice message.ogg", "Berlin\ngeo:52.52,13.405", "cat",
            ]
        )
    }

    @Test func `is addressed in a group by a mention or a command`() throws {
        let addressed = try conversation().messages.filter(\.addressed)

        #expect(addressed.map(\.text) == ["hi", "look at this", "!help"])
    }

    @Test func `keeps a thread apart and takes its fallback for no reply`() throws {
        let drafts = try conversation()
        let root = try #require(drafts.first { $0.event.text == "root" }?.event)
        let inThread = try #require(drafts.first { $0.event.text == "in thread" })
        let reply = try #require(drafts.first { $0.event.text == "and why?" })

        #expect(inThread.event.conversation.thread?.rawValue == root.id.rawValue)
        #expect(inThread.reply == nil)
        #expect(reply.reply != nil)
        #expect(reply.event.conversation.thread == nil)
    }

    @Test func `reports edits and withdrawals by the message that they are about`() throws {
        let drafts = try conversation()
        let root = try #require(drafts.first { $0.event.text == "root" }?.event)
        let others = drafts.map(\.event.content).filter { if case .message = $0 { false } else { true } }

        #expect(others.count == 2)
        #expect(others.first == .edited(MessageID(root.id.rawValue), text: "rooted"))
        guard case .deleted = others.last else { throw Unexpected() }
    }

    @Test func `ignores its own messages, edits and reactions`() throws {
        #expect(try SyncReader.test.read("sync-own-messages").drafts.isEmpty)
        let room = try Fixture.sync("sync-conversation").onlyRoom
        let drafts = try SyncReader.test.read("sync-conversation", rooms: [room: Room(joinedCount: 3)]).drafts

        #expect(drafts.allSatisfy { $0.event.sender.id == "@bob:localhost" })
        #expect(drafts.texts == ["thread reply"])
        #expect(drafts.count == 3, "an edit, a message and a redaction")
    }

    @Test func `quotes the newest version of a message`() throws {
        let event = try Fixture.event("event-edited")

        #expect(event.content["body"] == "answer")
        #expect(event.latestContent["body"] == "answer, longest")
    }

    @Test func `makes nothing of a withdrawn message`() throws {
        #expect(MessageReading(try Fixture.event("event-redacted"), mention: mention) == nil)
    }

    // MARK: Kinds

    @Test(arguments: ["m.notice", "m.key.verification.request", "m.server_notice", "org.example.custom"])
    func `ignores what is not said by a person`(kind: String) {
        let content: JSONValue = ["msgtype": .string(kind), "body": "text"]

        #expect(MessageReading(content, type: "m.room.message", mention: mention) == nil)
    }

    @Test(arguments: [
        JSONValue.object(JSONObject()), ["msgtype": "m.text"], ["msgtype": "m.text", "body": 7],
        ["msgtype": "m.image", "body": "a.png"], ["msgtype": "m.image", "body": "a.png", "url": "https://evil/a.png"],
        ["body": "text"],
    ])
    func `ignores what is broken`(content: JSONValue) {
        #expect(MessageReading(content, type: "m.room.message", mention: mention) == nil)
    }

    @Test func `takes only the last part of a path for a file name`() throws {
        let content: JSONValue = [
            "msgtype": "m.file", "body": "../../etc/passwd", "url": "mxc://localhost/abc", "info": ["size": -1],
        ]

        let file = try #require(MessageReading(content, type: "m.room.message", mention: mention)?.files.first)

        #expect(file.name == "passwd")
        #expect(file.size == nil)
        #expect(file.mimeType == "application/octet-stream")
    }
}

extension InboundEvent {
    fileprivate var text: String? { if case .message(let message) = content { message.text } else { nil } }
}
