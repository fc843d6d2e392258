import Basics
import Settings
import SurfaceKit
import Testing
import Words

@testable import Engine
@testable import State

@Suite("Intake")
struct IntakeTests {
    // MARK: Arranging

    private func message(
        _ text: String,
        id: String,
        from person: PersonID = "ann",
        in kind: ChatKind = .direct,
        addressed: Bool = true,
        files: [InboundFile] = [],
        album: String? = nil
    ) -> InboundEvent {
        InboundEvent(
            id: EventID(id),
            conversation: ConversationAddress(chat: kind == .direct ? ChatID("dm-\(person)") : "room"),
            chatKind: kind,
            sender: Sender(id: person, name: "Ann"),
            content: .message(
                InboundMessage(id: MessageID(id), text: text, files: files, addressed: addressed, album: album)
            )
        )
    }

    private func file(_ name: String, size: Int = 1) -> InboundFile {
        InboundFile(
            reference: FileReference(name),
            kind: .document,
            name: name,
            mimeType: "text/plain",
            size: size
        )
    }

    @discardableResult
    private func take(
        _ events: [InboundEvent],
        _ store: SQLiteStore,
        _ rules: IntakeRules? = nil
    ) async throws -> [Intake.Consequence] {
        let rules = rules ?? .sample()
        return try await store.write { state in
            var intake = Intake(rules: rules, state: state, now: .now)
            for event in events { try intake.take(event) }
            return intake.consequences
        }
    }

    private func questions(_ store: SQLiteStore) async throws -> [Question] { try await store.turns().map(\.question) }

    // MARK: Promises

    @Test func `stops a question that came together with the wish to stop it`() async throws {
        try await withStore { store, _ in
            let consequences = try await take([message("hi", id: "1"), message("!stop", id: "2")], store)

            let turn = try #require(try await store.turns().first)
            #expect(turn.ending == .stopped)
            #expect(consequences.contains(.endTurn(turn.id, as: .stopped)))
            #expect(try await store.said() == [Phrase.stoppedSilently.text(in: .english, prefix: "!")])
        }
    }

    @Test func `stops the oldest open question only`() async throws {
        try await withStore { store, _ in
            try await take([message("one", id: "1"), message("two", id: "2")], store)
            let turn = try #require(try await store.turns().first)
            #expect(try await store.write { try $0.beginTurn(turn, now: .now) })

            let consequences = try await take([message("!stop", id: "3")], store)

            #expect(consequences.contains(.endTurn(turn.id, as: .stopped)))
            #expect(try await store.turns().map(\.state) == [.sent, .waiting])
            // What was said by a running answer decides what is told: its turn tells it.
            #expect(try await store.said() == [])
        }
    }

    @Test func `ends a question that came together with a new context`() async throws {
        try await withStore { store, _ in
            try await take([message("hi", id: "1"), message("!new", id: "2"), message("there", id: "3")], store)

            let turns = try await store.turns()
            #expect(turns.map(\.ending) == [.stopped, nil])
            #expect(turns[0].context != turns[1].context)
        }
    }

    @Test func `takes an event once, however often it is delivered`() async throws {
        try await withStore { store, _ in
            let event = message("hi", id: "1")

            try await take([event, event], store)
            try await take([event], store)

            #expect(try await questions(store).map(\.text) == ["hi"])
        }
    }

    @Test func `answers in a group only when addressed or commanded, and tells the agent who speaks`() async throws {
        try await withStore { store, _ in
            try await take(
                [
                    message("not for it", id: "1", in: .group, addressed: false),
                    message("for it", id: "2", in: .group),
                    message("!context", id: "3", in: .group, addressed: false),
                ],
                store
            )

            let asked = try await questions(store)
            #expect(asked.map(\.text) == ["for it"])
            #expect(asked.map(\.speaker) == ["Ann"])
            #expect(try await store.said().count == 1)
        }
    }

    @Test func `says nothing in a group that it must never answer`() async throws {
        try await withStore { store, _ in
            let events = [message("hi", id: "1", in: .group), message("!help", id: "2", in: .group)]

            try await take(events, store, .sample(respond: .never))

            #expect(try await questions(store).isEmpty)
            #expect(try await store.said().isEmpty)
        }
    }

    @Test func `sends staged files with the next text of the same person, once`() async throws {
        try await withStore { store, _ in
            try await take(
                [
                    message("", id: "1", files: [file("a")], album: "x"),
                    message("", id: "2", files: [file("b")], album: "x"),
                    message("mine", id: "3", from: "bob"), message("look", id: "4"), message("again", id: "5"),
                ],
                store
            )

            let asked = try await questions(store)
            #expect(asked.map { $0.files.map(\.name) } == [[], ["a", "b"], []])
            #expect(try await store.said() == ["📎 1 file waits for your next message."])
        }
    }

    @Test(arguments: [String(Int.min), String(Int.max), "0", "-1", "2", "999999999999999999999999", "1.5", "ten"])
    func `removes no file by a number that is none of the list`(number: String) async throws {
        try await withStore { store, _ in
            let events = [message("", id: "1", files: [file("a")]), message("!remove \(number)", id: "2")]

            try await take(events, store)

            #expect(try await store.said().last == Phrase.noSuchFile.text(in: .english, prefix: "!"))
        }
    }

    @Test func `refuses what is too large or too much, and keeps what was staged`() async throws {
        try await withStore { store, _ in
            try await take(
                [
                    message("", id: "1", files: [file("a")]), message("", id: "2", files: [file("big", size: 101)]),
                    message("", id: "3", files: [file("b"), file("c")]), message("look", id: "4"),
                ],
                store
            )

            #expect(try await questions(store).map { $0.files.map(\.name) } == [["a"]])
            #expect(try await store.said().filter { $0.hasPrefix("⚠️") }.count == 2)
        }
    }

    @Test func `withdraws a question that waits, and corrects it, but only for who asked`() async throws {
        try await withStore { store, _ in
            let conversation = ConversationAddress(chat: "room")
            func event(_ id: String, _ person: PersonID, _ content: InboundEvent.Content) -> InboundEvent {
                InboundEvent(
                    id: EventID(id),
                    conversation: conversation,
                    chatKind: .group,
                    sender: Sender(id: person, name: "x"),
                    content: content
                )
            }
            try await take([message("one", id: "1", in: .group), message("two", id: "2", in: .group)], store)

            try await take(
                [
                    event("3", "ann", .edited("1", text: "uno")), event("4", "bob", .edited("1", text: "bob")),
                    event("5", "ann", .deleted("2")),
                ],
                store
            )

            #expect(try await questions(store).map(\.text) == ["uno", "two"])
            let waiting = try await store.read { try $0.waitingTurns() }
            #expect(waiting == 1)
        }
    }

    @Test func `keeps each person's contexts to that person, also where numbers are equal`() async throws {
        try await withStore { store, _ in
            try await take([message("hi", id: "1", from: "7"), message("!save secret", id: "2", from: "7")], store)
            let context = try #require(try await store.turns().first).context

            try await take([message("!load secret", id: "3", from: "8")], store)
            try await take(
                [message("!load \(context)", id: "4", from: "7"), message("!delete secret", id: "5", from: "7")],
                store,
                .sample("b")
            )

            let known = try await store.read { try $0.context(context) }
            #expect(known?.name == "secret")
            #expect(try await store.said().filter { $0.contains("There is no conversation") }.count == 3)
        }
    }

    @Test func `ends what waits when a context is reset, and keeps its name`() async throws {
        try await withStore { store, _ in
            try await take([message("!save plan", id: "1"), message("hi", id: "2")], store)

            try await take([message("!reset", id: "3")], store)

            let contexts = try await store.read { try $0.contexts(of: .person("ann", on: "a")) }
            #expect(contexts.map(\.name) == ["plan"])
            #expect(try await store.turns().map(\.ending) == [.stopped], "it is part of what is forgotten")
        }
    }

    @Test func `goes on under a new chat with the same context`() async throws {
        try await withStore { store, _ in
            try await take([message("hi", id: "1", in: .group)], store)
            let moved = InboundEvent(
                id: "2",
                conversation: ConversationAddress(chat: "room"),
                chatKind: .group,
                sender: Sender(id: "ann", name: "Ann"),
                content: .moved(to: "hall")
            )

            try await take([moved], store)

            let hall = try await store.read { try $0.conversations(of: "hall", on: "a") }
            #expect(hall.count == 1)
            #expect(hall.first?.context != nil)
        }
    }
}
