import Basics
import Sandbox
import Testing

@Suite("People on a simulated homeserver", .timeLimit(.minutes(1)))
struct SimulatedPeopleTests {
    private let simulator = MatrixSimulator()

    @Test func `see messages as they are now, with what they belong to`() async throws {
        let ann = await simulator.addPerson("ann", displayName: "Ann")
        let bob = await simulator.addPerson("bob")
        let room = try await simulator.createGroup("Team", by: ann.id, inviting: [bob.id])
        try await simulator.join(room, by: bob.id)
        let question = try await simulator.say("why?", in: room, by: ann.id, mentions: [bob.id])
        let answer = try await simulator.say("because", in: room, by: bob.id, replyTo: question)
        try await simulator.edit(answer, to: "because of it", in: room, by: bob.id)
        let threaded = try await simulator.say("and", in: room, by: bob.id, thread: question)
        let mistake = try await simulator.say("oops", in: room, by: ann.id)
        try await simulator.redact(mistake, in: room, by: ann.id)
        try await simulator.send(Array("%PDF".utf8), named: "a.pdf", mimeType: "application/pdf", in: room, by: ann.id)
        await simulator.setTyping(true, in: room, by: bob.id)

        let seen = try #require(await simulator.snapshot(of: room))

        #expect(seen.name == "Team")
        #expect(seen.members.map(\.name) == ["Ann", "bob"])
        #expect(seen.messages.map(\.text) == ["why?", "because of it", "and", "a.pdf"])
        #expect(seen.messages.map(\.replyTo) == [nil, question, nil, nil])
        #expect(seen.messages.map(\.thread) == [nil, nil, question, nil])
        #expect(seen.messages(in: question).map(\.id) == [threaded])
        #expect(seen.messages[0].mentions == [bob.id])
        #expect(seen.messages[0].senderName == "Ann")
        #expect(seen.messages[1].versions == ["because", "because of it"])
        let file = try #require(seen.messages[3].file)
        #expect(file.name == "a.pdf" && file.mimeType == "application/pdf" && file.size == 4)
        #expect(await simulator.bytes(at: file.address) == Array("%PDF".utf8))
        #expect(seen.typing == [bob.id])
        #expect(await simulator.violations == [])
    }

    @Test func `cannot change what others said`() async throws {
        let ann = await simulator.addPerson("ann")
        let bob = await simulator.addPerson("bob")
        let room = try await simulator.createDirectChat(by: ann.id, with: bob.id, saying: "mine")
        try await simulator.join(room, by: bob.id)
        let message = try #require(await simulator.snapshot(of: room)?.messages.first?.id)

        try await simulator.edit(message, to: "hijacked", in: room, by: bob.id)

        #expect(await simulator.snapshot(of: room)?.messages.map(\.text) == ["mine"])
    }

    @Test func `are told what their server would refuse`() async throws {
        let ann = await simulator.addPerson("ann")
        let bob = await simulator.addPerson("bob")
        let room = try await simulator.createGroup(nil, by: ann.id)

        let error = await #expect(throws: MatrixAPIError.self) { try await simulator.say("hi", in: room, by: bob.id) }

        #expect(error?.text == "User \(bob.id) not in room \(room)")
    }

    @Test func `are told of each change`() async throws {
        let ann = await simulator.addPerson("ann")
        let room = try await simulator.createGroup(nil, by: ann.id)
        var changes = simulator.changes().makeAsyncIterator()
        await changes.next()

        try await simulator.say("news", in: room, by: ann.id)
        await changes.next()

        #expect(await simulator.snapshot(of: room)?.messages.map(\.text) == ["news"])
    }

    @Test func `move to a new room, be banned, and encrypt`() async throws {
        let ann = await simulator.addPerson("ann")
        let bob = await simulator.addPerson("bob")
        let old = try await simulator.createGroup("Old", by: ann.id, inviting: [bob.id])
        try await simulator.join(old, by: bob.id)

        let new = try await simulator.upgrade(old, by: ann.id)
        try await simulator.ban(bob.id, from: old, by: ann.id)
        try await simulator.encrypt(new, by: ann.id)
        try await simulator.sendEncrypted(in: new, by: ann.id)

        #expect(await simulator.snapshot(of: old)?.successor == new)
        #expect(await simulator.membership(of: bob.id, in: old) == "ban")
        #expect(await simulator.membership(of: bob.id, in: new) == nil)
        let seen = try #require(await simulator.snapshot(of: new))
        #expect(seen.isEncrypted && seen.name == "Old")
        #expect(seen.messages.map(\.kind) == ["m.room.encrypted"])
    }
}
