import Basics
import Foundation
import SurfaceConformance
import SurfaceKit
import Testing

@testable import Matrix

@Suite("Matrix messages", .enabled(if: Synapse.isWanted), .timeLimit(.minutes(2)))
struct MatrixMessageTests {
    // MARK: Groups

    @Test func `in a group are for the bot when they name it, command it or answer it`() async throws {
        let scene = try await Scene()
        let room = try await scene.group([try await scene.server.register("bob")])
        let address = ConversationAddress(chat: ChatID(room))
        let said = try await scene.surface.perform(
            .send(.text(MessageText("an answer")), to: address, replyTo: nil),
            as: "1"
        )
        let message = try #require(said.message)
        _ = try await scene.surface.perform(.edit(message, .text(MessageText("a longer answer")), in: address), as: "2")

        try await scene.ann.say("nothing", in: room)
        try await scene.ann.say("!help", in: room)
        try await scene.ann.send(
            [
                "msgtype": "m.text", "body": "robot: named",
                "m.mentions": ["user_ids": [.string(scene.robot.id)]],
            ],
            to: room
        )
        try await scene.ann.say(
            "why?",
            in: room,
            relation: ["m.in_reply_to": ["event_id": .string(message.rawValue)]]
        )
        let answering = try await scene.hear("why?")

        #expect(await scene.inbox.texts == ["nothing", "!help", "named", "why?"])
        #expect(await scene.inbox.messages.map(\.addressed) == [false, true, true, true])
        #expect(answering.quote == QuotedMessage(id: message, author: nil, text: "a longer answer"))
        #expect(await scene.inbox.events.allSatisfy { $0.chatKind == .group })
    }

    @Test func `in a group are answered by name`() async throws {
        let scene = try await Scene()
        let room = try await scene.group([try await scene.server.register("bob")])
        let question = try await scene.ann.say("!help", in: room)
        try await scene.hear("!help")

        let address = ConversationAddress(chat: ChatID(room))
        let answer = OutboundOperation.send(.text(MessageText("here")), to: address, replyTo: MessageID(question))
        _ = try await scene.surface.perform(answer, as: "1")

        let shown = try #require(try await scene.ann.messages(of: scene.robot, in: room).first)
        #expect(shown["content"]?["m.mentions"] == ["user_ids": [.string(scene.ann.id)]])
    }

    // MARK: Quotations

    @Test func `that answer a file take it along`() async throws {
        let scene = try await Scene()
        let room = try await scene.directChat()
        let address = try await scene.server.upload(
            Array("%PDF".utf8),
            name: "a.pdf",
            mimeType: "application/pdf",
            token: scene.ann.token
        )
        let file = try await scene.ann.send(
            [
                "msgtype": "m.file", "body": "a.pdf", "url": .string(address),
                "info": ["mimetype": "application/pdf", "size": 4],
            ],
            to: room
        )
        try await scene.ann.say(
            "what is this?",
            in: room,
            relation: ["m.in_reply_to": ["event_id": .string(file)]]
        )

        let quote = try #require(try await scene.hear("what is this?").quote)

        #expect(quote.author == "ann")
        #expect(quote.files.map(\.name) == ["a.pdf"])
        #expect(quote.files.map(\.reference) == [FileReference(address)])
    }

    @Test func `that answer what cannot be fetched come with what their client quoted`() async throws {
        let scene = try await Scene()
        let room = try await scene.directChat()
        let relation: JSONValue = ["m.in_reply_to": ["event_id": "$gone"]]
        try await scene.ann.say("> <@bob:a.b> the old text\n\nreally?", in: room, relation: relation)
        try await scene.ann.say("and this?", in: room, relation: relation)

        let quoted = try await scene.hear("really?")
        let bare = try await scene.hear("and this?")

        #expect(quoted.quote == QuotedMessage(id: "$gone", author: "@bob:a.b", text: "the old text"))
        #expect(bare.quote == nil)
    }

    // MARK: Order

    @Test func `that a sync leaves out are fetched, in order`() async throws {
        let scene = try await Scene()
        let room = try await scene.directChat()
        let said = (1...130).map { "message \($0)" }
        for text in said { try await scene.ann.say(text, in: room) }

        try await scene.hear("message 130")

        #expect(await scene.inbox.texts == ["hello"] + said)
    }

    @Test func `are asked for anew when the homeserver does not know the checkpoint`() async throws {
        let scene = try await Scene()
        let inbox = RecordingInbox(state: scene.state, from: Checkpoint("garbage"))

        let error = await #expect(throws: SurfaceError.self) { try await inbox.catchUp(with: scene.surface) }

        guard case .refused(.checkpointLost, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `begin anew when the checkpoint is of another account`() async throws {
        let scene = try await Scene()
        let other = MatrixSurface(
            options: .test(try await scene.server.register("other")),
            context: .test(state: scene.state)
        )
        let inbox = RecordingInbox(state: scene.state, from: await scene.inbox.checkpoint)

        await #expect(throws: SurfaceError.refused(.checkpointLost, reason: "the checkpoint is of another account")) {
            try await inbox.catchUp(with: other)
        }
        let afresh = RecordingInbox(state: scene.state)
        try await afresh.catchUp(with: other)
        try await afresh.catchUp(with: other)
    }

    // MARK: Files

    @Test func `with a file above the homeserver's limit are refused before anything is sent`() async throws {
        let scene = try await Scene()
        let room = try await scene.directChat()
        let file = OutboundFile(
            path: "/nonexistent",
            kind: .document,
            name: "large.bin",
            mimeType: "application/octet-stream",
            size: 60 << 20
        )

        let error = await #expect(throws: SurfaceError.self) {
            let operation = OutboundOperation.send(
                .file(file),
                to: ConversationAddress(chat: ChatID(room)),
                replyTo: nil
            )
            _ = try await scene.surface.perform(operation, as: "1")
        }

        guard case .refused(.tooLarge, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `with a picture are shown as one`() async throws {
        let scene = try await Scene()
        let room = try await scene.directChat()
        let path = FileManager.default.temporaryDirectory.appending(path: "dot-\(UUID().uuidString).png").path
        try Data([0x89, 0x50, 0x4E, 0x47]).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = OutboundFile(path: path, kind: .image, name: "dot.png", mimeType: "image/png", size: 4)

        let operation = OutboundOperation.send(.file(file), to: ConversationAddress(chat: ChatID(room)), replyTo: nil)
        _ = try await scene.surface.perform(operation, as: "1")

        let content = try #require(try await scene.ann.messages(of: scene.robot, in: room).first?["content"])
        #expect(content["msgtype"] == "m.image")
        #expect(content["filename"] == "dot.png")
        #expect(content["info"] == ["mimetype": "image/png", "size": 4])
    }
}
