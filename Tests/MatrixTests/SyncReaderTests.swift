import Basics
import SurfaceKit
import Testing

@testable import Matrix

@Suite("Reading a Matrix sync")
struct SyncReaderTests {
    private let reader = SyncReader.test

    @Test func `makes nothing of an idle sync`() throws {
        let outcome = try reader.read("sync-idle")

        #expect(outcome == SyncOutcome(rooms: [:]))
    }

    // MARK: Coming and going

    @Test func `answers an invitation, and knows a direct one`() throws {
        let direct = try reader.read("sync-invited-direct")
        let group = try reader.read("sync-invited-group")

        let alice = "@alice:localhost", bob = "@bob:localhost"
        #expect(direct.errands.map(\.purpose) == [.answerInvitation(by: alice, isDirect: true, isExpected: false)])
        #expect(group.errands.map(\.purpose) == [.answerInvitation(by: bob, isDirect: false, isExpected: false)])
        #expect(direct.drafts.isEmpty && group.drafts.isEmpty)
    }

    @Test func `answers an invitation once, though a first sync lists it again`() throws {
        let first = try reader.read("sync-invited-direct")

        let again = reader.read(
            try Fixture.sync("sync-invited-direct"),
            rooms: [:],
            pending: first.errands,
            isBaseline: true
        )

        #expect(again.errands.isEmpty)
    }

    @Test func `leaves invitations alone when told so`() throws {
        let reader = SyncReader(mention: reader.mention, joinsInvitations: false)

        #expect(try reader.read("sync-invited-direct").errands.isEmpty)
    }

    @Test func `drops an invitation that was withdrawn`() throws {
        let response = try Fixture.sync("sync-invitation-withdrawn")
        let pending = RoomErrand(
            .answerInvitation(by: "@bob:localhost", isDirect: false, isExpected: false),
            room: response.onlyRoom,
            occasion: "s1"
        )

        let outcome = try reader.read("sync-invitation-withdrawn", pending: [pending])

        #expect(outcome.drafts.isEmpty)
        #expect(outcome.stateChanges(since: [:], pending: [pending]) == [pending.ending])
    }

    @Test func `delivers the message that came before the bot had joined`() throws {
        let outcome = try reader.read("sync-joined-direct")

        let event = try #require(outcome.drafts.first?.event)
        #expect(outcome.drafts.count == 1)
        #expect(event.chatKind == .direct)
        #expect(event.sender == Sender(id: "@alice:localhost", name: "alice"))
        guard case .message(let message) = event.content else { throw Unexpected() }
        #expect(message.text == "hello before you joined")
        #expect(message.addressed)
    }

    @Test func `learns the rooms of a first sync and answers nothing in them`() throws {
        let response = try Fixture.sync("sync-joined-direct")
        let stale = ["!gone:localhost": Room()]

        let outcome = reader.read(response, rooms: stale, pending: [], isBaseline: true)

        #expect(outcome.drafts.isEmpty)
        #expect(outcome.rooms.keys.map { $0 } == [response.onlyRoom])
        #expect(outcome.rooms.values.first?.kind == .direct)
    }

    @Test func `counts a room of three as a group`() throws {
        let outcome = try reader.read("sync-joined-group")

        #expect(outcome.rooms.values.map(\.kind) == [.group])
        #expect(outcome.rooms.values.first?.joinedCount == 3)
        #expect(outcome.rooms.values.first?.invitedCount == 0)
    }

    @Test func `ignores what was said before it was invited again`() throws {
        let outcome = try reader.read("sync-rejoined")

        #expect(outcome.drafts.texts == ["after the invitation", "after the join"])
    }

    /// A sync of one room whose timeline has a message of Ann at second 50, and where the bot joined at second 100.
    private func messageBeforeJoin(ownMembership: String?, isDirect: Bool) throws -> SyncResponse {
        let message: JSONValue = [
            "type": "m.room.message", "sender": "@ann:a.b", "event_id": "$1", "origin_server_ts": 50,
            "content": ["msgtype": "m.text", "body": "hello"],
            "unsigned": ["membership": ownMembership.map(JSONValue.string) ?? .null],
        ]
        let join: JSONValue = [
            "type": "m.room.member", "sender": .string(Fixture.bot), "state_key": .string(Fixture.bot),
            "event_id": "$2", "origin_server_ts": 100, "content": ["membership": "join", "is_direct": .bool(isDirect)],
        ]
        let room: JSONValue = ["timeline": ["events": [message], "limited": true], "state": ["events": [join]]]
        return try #require(SyncResponse(["next_batch": "s1", "rooms": ["join": ["!room": room]]]))
    }

    @Test(
        arguments: [
            ("join", false, true), ("invite", false, true), ("leave", false, false), ("ban", true, false),
            // Homeservers that do not tell: by the time, and in a direct chat all is meant for the bot.
            (nil, false, false), (nil, true, true),
        ] as [(String?, Bool, Bool)]
    )
    func `hears in a room that it has just joined only what was said since its invitation`(
        ownMembership: String?,
        isDirect: Bool,
        isHeard: Bool
    ) throws {
        let response = try messageBeforeJoin(ownMembership: ownMembership, isDirect: isDirect)

        let outcome = reader.read(response, rooms: [:], pending: [], isBaseline: false)

        #expect(outcome.drafts.texts == (isHeard ? ["hello"] : []))
    }

    @Test func `does not hear what was said while it was out of a room`() throws {
        let response = try messageBeforeJoin(ownMembership: "leave", isDirect: false)

        #expect(reader.read(response, rooms: ["!room": Room()], pending: [], isBaseline: false).drafts.isEmpty)
    }

    @Test(arguments: ["sync-kicked", "sync-banned"])
    func `says that it was removed from a room`(fixture: String) throws {
        let room = try Fixture.sync(fixture).onlyRoom

        let outcome = try reader.read(fixture, rooms: [room: Room()])

        let event = try #require(outcome.drafts.first?.event)
        #expect(event.content == .left)
        #expect(event.sender.id == "@alice:localhost")
        #expect(outcome.rooms.isEmpty)
        #expect(try reader.read(fixture).drafts.isEmpty, "a room that it was not in")
    }

    @Test func `leaves a room when it is the last one there`() throws {
        let room = try Fixture.sync("sync-deserted").onlyRoom

        let outcome = try reader.read("sync-deserted", rooms: [room: Room(isDirect: true, joinedCount: 2)])

        #expect(outcome.drafts.map(\.event.content) == [.left])
        #expect(outcome.drafts.first?.event.sender.id == "@bob:localhost")
        #expect(outcome.errands.map(\.purpose) == [.leave])
        #expect(outcome.rooms.isEmpty)
    }

    // MARK: Upgrades

    @Test func `follows a room that was replaced, and says that the chat has moved`() throws {
        let old = try Fixture.sync("sync-tombstone").onlyRoom
        let replaced = try reader.read("sync-tombstone", rooms: [old: Room(isDirect: true, joinedCount: 2)])

        let errand = try #require(replaced.errands.first)
        #expect(errand.purpose == .follow(announcedBy: "@alice:localhost"))
        #expect(replaced.drafts.isEmpty)

        let json: JSONValue = [
            "next_batch": "s2", "rooms": ["join": .object(JSONObject([.init(key: errand.room, value: [:])]))],
        ]
        let joined = reader.read(
            try #require(SyncResponse(json)),
            rooms: replaced.rooms,
            pending: replaced.errands,
            isBaseline: false
        )

        #expect(joined.drafts.map(\.event.content) == [.moved(to: ChatID(errand.room))])
        #expect(joined.drafts.first?.event.conversation.chat == ChatID(old))
        #expect(joined.rooms[errand.room]?.isDirect == true)
        #expect(joined.settled.contains(errand.room))
    }

    @Test func `expects the invitation to the replacement from who replaced the room`() throws {
        let response = try Fixture.sync("sync-invited-group")
        func isExpected(by person: String) throws -> Bool {
            let successor = Room.Successor(room: response.onlyRoom, announcedBy: person)
            let outcome = try reader.read("sync-invited-group", rooms: ["!old": Room(successor: successor)])
            return outcome.errands.first?.purpose
                == .answerInvitation(by: "@bob:localhost", isDirect: false, isExpected: true)
        }

        #expect(try isExpected(by: "@bob:localhost"))
        #expect(try !isExpected(by: "@mallory:localhost"))
    }

    // MARK: Encryption

    @Test func `says that an encrypted room cannot be read`() throws {
        let outcome = try reader.read("sync-joined-encrypted")
        let room = try Fixture.sync("sync-joined-encrypted").onlyRoom

        #expect(outcome.drafts.map(\.event.content) == [.unreadable(.encrypted)])
        #expect(outcome.rooms[room]?.isEncrypted == true)
    }

    @Test func `does not listen to plain messages in an encrypted room`() throws {
        let room = try Fixture.sync("sync-messages").onlyRoom

        let outcome = try reader.read("sync-messages", rooms: [room: Room(isEncrypted: true)])

        #expect(outcome.drafts.texts.isEmpty)
        // Once for the one person who spoke.
        #expect(outcome.drafts.filter { $0.event.content == .unreadable(.encrypted) }.count == 1)
    }

    // MARK: Keeping

    @Test func `remembers rooms and errands over a restart`() throws {
        let room = Room(
            isDirect: true,
            joinedCount: 2,
            invitedCount: 0,
            isEncrypted: true,

            successor: Room.Successor(room: "!new", announcedBy: "@a:b")
        )
        let purposes: [RoomErrand.Purpose] = [
            .answerInvitation(by: "@a:b", isDirect: true, isExpected: true), .follow(announcedBy: "@a:b"), .leave,
            .seeOff(stranger: "@a:b"),
        ]

        #expect(Room(stored: room.stored) == room)
        #expect(Room(stored: Room().stored) == Room())
        for purpose in purposes {
            let errand = RoomErrand(purpose, room: "!room", occasion: "s1")
            #expect(RoomErrand(key: errand.key, stored: errand.stored) == errand)
        }
    }

    @Test func `stores only what has changed`() throws {
        let outcome = try reader.read("sync-joined-direct")

        let changes = outcome.stateChanges(since: ["!gone": Room()], pending: [])

        #expect(changes.map(\.key).sorted() == ["room/!gone", "room/" + outcome.rooms.keys.joined()].sorted())
        #expect(outcome.stateChanges(since: outcome.rooms, pending: []).isEmpty)
    }
}

struct Unexpected: Error {}

extension [InboundDraft] {
    var messages: [InboundMessage] {
        compactMap { if case .message(let message) = $0.event.content { message } else { nil } }
    }

    var texts: [String] { messages.map(\.text) }
}
