import Basics
import SurfaceConformance
import SurfaceKit
import Testing

@testable import Matrix

@Suite("Matrix rooms", .enabled(if: Synapse.isWanted), .timeLimit(.minutes(2)))
struct MatrixRoomTests {
    // MARK: Invitations

    @Test func `are joined by invitation, and the message that came with it is heard`() async throws {
        let scene = try await Scene()
        let room = try await scene.ann.createDirectChat(with: scene.robot)
        try await scene.ann.say("are you there?", in: room)

        let event = try await scene.receive { $0.conversation.chat.rawValue == room }

        #expect(event.chatKind == .direct)
        #expect(await scene.inbox.texts == ["are you there?"])
        try await scene.receive {
            let path = "/user/\(scene.robot.id.percentEncoded)/account_data/m.direct"
            return try await scene.robot.call("GET", path)[scene.ann.id] == [.string(room)]
        }
    }

    @Test func `are not joined for people without access`() async throws {
        let scene = try await Scene { _ in false }
        let room = try await scene.ann.createDirectChat(with: scene.robot)

        try await scene.receive { try await scene.ann.membership(of: scene.robot, in: room) == "leave" }
        try await scene.receive { scene.state.values(withPrefix: "errand/").isEmpty }

        #expect(try await scene.robot.joinedRooms().isEmpty)
    }

    @Test func `are left alone when the bot joins none`() async throws {
        let scene = try await Scene(autoJoin: "never")
        let room = try await scene.ann.createDirectChat(with: scene.robot)
        let other = try await scene.group()
        try await scene.ann.say("hello", in: other)

        try await scene.hear("hello")

        #expect(try await scene.ann.membership(of: scene.robot, in: room) == "invite")
    }

    @Test func `of a stranger are visited for pairing, if they are direct, and left in the end`() async throws {
        let clock = HeldClock()
        let scene = try await Scene(strangersStay: .seconds(3600), clock: clock) { _ in false }
        let group = try await scene.ann.createRoom(["preset": "private_chat", "invite": [.string(scene.robot.id)]])
        let chat = try await scene.ann.createDirectChat(with: scene.robot)
        try await scene.ann.say("let me in", in: chat)

        try await scene.hear("let me in")
        try await scene.receive { try await scene.ann.membership(of: scene.robot, in: group) == "leave" }
        #expect(try await scene.ann.membership(of: scene.robot, in: chat) == "join")
        clock.release()
        try await scene.receive { scene.state.values(withPrefix: "room/").isEmpty }

        #expect(try await scene.ann.membership(of: scene.robot, in: chat) == "leave")
    }

    @Test func `of a stranger who was let in are stayed in`() async throws {
        let clock = HeldClock()
        let access = Toggle()
        let scene = try await Scene(strangersStay: .seconds(3600), clock: clock) { _ in access.isOn }
        let chat = try await scene.ann.createDirectChat(with: scene.robot)
        try await scene.ann.say("let me in", in: chat)
        try await scene.hear("let me in")

        access.turnOn()
        clock.release()
        try await scene.receive { scene.state.values(withPrefix: "errand/").isEmpty }

        #expect(try await scene.ann.membership(of: scene.robot, in: chat) == "join")
    }

    @Test func `are joined after a restart that came in between`() async throws {
        let scene = try await Scene(autoJoin: "never")
        let room = try await scene.ann.createDirectChat(with: scene.robot)
        let errand = RoomErrand(
            .answerInvitation(by: scene.ann.id, isDirect: true, isExpected: false),
            room: room,
            occasion: "s1"
        )
        scene.state.apply([errand.beginning])

        try await scene.receive { try await scene.ann.membership(of: scene.robot, in: room) == "join" }
    }

    // MARK: The end

    @Test func `end when the bot is removed, and go on when it is invited again`() async throws {
        let scene = try await Scene()
        let room = try await scene.directChat()
        try await scene.ann.kick(scene.robot, from: room)

        let left = try await scene.receive { $0.content == .left }
        #expect(left.conversation.chat.rawValue == room)
        #expect(left.sender.id.rawValue == scene.ann.id)
        try await scene.ann.say("unheard", in: room)
        try await scene.ann.invite(scene.robot, to: room)
        try await scene.ann.say("welcome back", in: room)
        try await scene.hear("welcome back")

        #expect(await scene.inbox.texts == ["hello", "welcome back"])
    }

    @Test func `are left when everybody else has gone`() async throws {
        let scene = try await Scene()
        let room = try await scene.directChat()
        try await scene.ann.leave(room)

        let left = try await scene.receive { $0.content == .left }
        #expect(left.sender.id.rawValue == scene.ann.id)
        try await scene.receive { try await scene.robot.joinedRooms().isEmpty }
    }

    @Test func `become groups when a third person comes`() async throws {
        let scene = try await Scene()
        let room = try await scene.directChat()
        let bob = try await scene.server.register("bob")
        try await scene.ann.invite(bob, to: room)
        try await scene.ann.say("now we are three", in: room)

        let event = try await scene.receive { $0.isMessage("now we are three") }

        #expect(event.chatKind == .group)
    }

    @Test func `are followed when they are replaced`() async throws {
        let scene = try await Scene()
        let room = try await scene.directChat()
        let answer = try await scene.ann.call(
            "POST",
            "/rooms/\(room.percentEncoded)/upgrade",
            ["new_version": "11"]
        )
        let successor = try #require(answer["replacement_room"]?.string)
        // The new room is private as well: the bot has to be invited.
        try await scene.ann.invite(scene.robot, to: successor)
        try await scene.ann.say("here we are", in: successor)

        let moved = try await scene.receive { $0.content == .moved(to: ChatID(successor)) }
        #expect(moved.conversation.chat.rawValue == room)
        let event = try await scene.receive { $0.isMessage("here we are") }
        #expect(event.conversation.chat.rawValue == successor)
        #expect(event.chatKind == .direct)
    }

    // MARK: Encryption

    @Test func `that are encrypted get one plain remark and nothing else`() async throws {
        let scene = try await Scene()
        let encryption: JSONValue = [
            ["type": "m.room.encryption", "state_key": "", "content": ["algorithm": "m.megolm.v1.aes-sha2"]]
        ]
        let room = try await scene.ann.createDirectChat(with: scene.robot, initialState: encryption)
        let secret: JSONValue = ["algorithm": "m.megolm.v1.aes-sha2", "session_id": "x", "ciphertext": "AwgAEnB"]
        try await scene.ann.send(secret, type: "m.room.encrypted", to: room)
        try await scene.ann.send(secret, type: "m.room.encrypted", to: room)

        let event = try await scene.receive { $0.content == .unreadable(.encrypted) }
        #expect(event.conversation.chat.rawValue == room)
        #expect(await scene.inbox.texts.isEmpty)

        let agentText = OutboundOperation.send(.text(MessageText("the answer")), to: event.conversation, replyTo: nil)
        await #expect(throws: SurfaceError.refused(.conversationGone, reason: "the room is encrypted")) {
            _ = try await scene.surface.perform(agentText, as: "1")
        }
        let remark = MessageText("I cannot read this.", isPublic: true)
        _ = try await scene.surface.perform(.send(.text(remark), to: event.conversation, replyTo: nil), as: "2")

        let shown = try await scene.ann.messages(of: scene.robot, in: room)
        #expect(shown.map { $0["content"]?["body"] } == ["I cannot read this."])
        #expect(shown.first?["content"]?["msgtype"] == "m.notice")
    }

    @Test func `that turn encrypted are known as such at once after a restart`() async throws {
        let scene = try await Scene()
        let room = try await scene.directChat()
        try await scene.ann.call(
            "PUT",
            "/rooms/\(room.percentEncoded)/state/m.room.encryption/",
            ["algorithm": "m.megolm.v1.aes-sha2"]
        )
        try await scene.ann.say("still plain", in: room)
        try await scene.receive { $0.content == .unreadable(.encrypted) }

        let restarted = MatrixSurface(options: .test(scene.robot), context: .test(state: scene.state))
        let forgetful = MatrixSurface(options: .test(scene.robot), context: .test())
        let address = ConversationAddress(chat: ChatID(room))
        for surface in [restarted, forgetful] {
            await #expect(throws: SurfaceError.refused(.conversationGone, reason: "the room is encrypted")) {
                _ = try await surface.perform(.send(.text(MessageText("secret")), to: address, replyTo: nil), as: "1")
            }
        }
    }
}

extension InboundEvent {
    func isMessage(_ text: String) -> Bool {
        if case .message(let message) = content { message.text == text } else { false }
    }
}
