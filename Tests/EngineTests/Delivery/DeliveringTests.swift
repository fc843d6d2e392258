import Basics
import SurfaceKit
import Synchronization
import Testing

@testable import Engine
@testable import State

@Suite("Delivering", .timeLimit(.minutes(1)))
struct DeliveringTests {
    private let refusal = SurfaceError.refused(.other, reason: "no")

    /// What a surface does with an operation is held until it is let go.
    private struct Held: Sendable {
        let arrived = Wakeup()
        let go = Wakeup()
    }

    @Test func `delivers by the new surface what the old one was busy with when it was replaced`() async throws {
        try await withStore { store, _ in
            let conversation = try await store.owe("hi")
            let held = Held()
            let old = RecordingSurface { _ throws(SurfaceError) in
                held.arrived.signal()
                await held.go.wait()
                throw .unauthorized(reason: "the token was replaced")
            }
            let new = RecordingSurface()
            let scene = EngineScene(store, old.running())

            try await scene.run { conversations in
                conversations.deliver(conversation)
                await held.arrived.wait()
                scene.desk.surfaces.add(new.running())
                // As a surface does that begins to receive.
                try await conversations.wakeAll()
                held.go.signal()
            }

            #expect(new.said == ["hi"])
            #expect(try await store.read { try $0.postsOwed() } == 0)
        }
    }

    @Test func `delivers though the state could not be read at first`() async throws {
        try await withStore { store, _ in
            let conversation = try await store.owe("the reply")
            let faulty = FaultyStore(store, failingReads: 1)
            let surface = RecordingSurface()

            try await EngineScene(faulty, surface.running()).deliver(conversation)

            #expect(faulty.left == 0)
            #expect(surface.said == ["the reply"])
        }
    }

    @Test func `says nothing twice though it could not be written down at first what was said`() async throws {
        try await withStore { store, _ in
            let conversation = try await store.owe("the reply")
            let faulty = FaultyStore(store, failingWrites: 1)
            let surface = RecordingSurface(repetition: .duplicates)

            try await EngineScene(faulty, surface.running()).deliver(conversation)

            #expect(faulty.left == 0)
            #expect(surface.said.last == "sent: the reply")
            #expect(surface.operations.count(where: \.isSend) == 1)
            #expect(try await store.posts().map(\.state) == [.delivered])
        }
    }

    @Test func `ends a message of which it can never be stored what became of it, and goes on`() async throws {
        try await withStore { store, _ in
            let conversation = try await store.owe("first")
            try await store.owe("second")
            try await store.script(
                """
                CREATE TRIGGER refuse BEFORE UPDATE OF shown ON post WHEN NEW.id = (SELECT min(id) FROM post)
                BEGIN SELECT RAISE(ABORT, 'refused'); END
                """
            )
            let surface = RecordingSurface()

            try await EngineScene(store, surface.running()).deliver(conversation)

            #expect(surface.said == ["first", "second"])
            #expect(try await store.posts().map(\.state) == [.failed, .delivered])
        }
    }

    @Test func `ends in one new whole message when edits are refused for ever`() async throws {
        try await withStore { store, _ in
            let conversation = try await store.owe("one two three four")
            let refusal = refusal
            let surface = RecordingSurface(repetition: .duplicates) { operation throws(SurfaceError) in
                if operation.isEdit { throw refusal }
                return Receipt(message: "sent")
            }

            try await EngineScene(store, surface.running()).deliver(conversation)

            #expect(surface.said.last == "one two three four")
            #expect(surface.operations.count(where: \.isSend) == 2, "an opening and the whole")
            #expect(surface.operations.contains(.delete("sent", in: ConversationAddress(chat: "room"))))
            #expect(try await store.posts().map(\.state) == [.delivered])
        }
    }

    @Test func `ends in one notice when nothing else is taken`() async throws {
        try await withStore { store, _ in
            let conversation = try await store.owe("**bold**")
            let refusal = refusal
            let surface = RecordingSurface { operation throws(SurfaceError) in
                guard operation.said?.hasPrefix("⚠️") == true else { throw refusal }
                return Receipt(message: "sent")
            }

            try await EngineScene(store, surface.running()).deliver(conversation)

            #expect(surface.said.count == 3, "as it is, plainly, and the notice")
            #expect(surface.said[1] == "bold")
            #expect(try await store.read { try $0.postsOwed() } == 0)
        }
    }

    @Test func `turns the opening into the notice when nothing else is taken`() async throws {
        try await withStore { store, _ in
            let conversation = try await store.owe("one **two** three four")
            let refusal = refusal
            let surface = RecordingSurface(repetition: .duplicates) { operation throws(SurfaceError) in
                if operation.isEdit || operation.said?.contains("four") == true { throw refusal }
                return Receipt(message: "sent")
            }

            try await EngineScene(store, surface.running()).deliver(conversation)

            let sent = surface.operations.filter(\.isSend).compactMap(\.said)
            #expect(sent.last?.hasPrefix("⚠️") == true)
            #expect(surface.operations.contains(.delete("sent", in: ConversationAddress(chat: "room"))))
            #expect(try await store.read { try $0.postsOwed() } == 0)
        }
    }

    @Test func `ends when nothing at all is taken, and says so in the log`() async throws {
        try await withStore { store, _ in
            let conversation = try await store.owe("**bold**")
            let lines = LogLines()
            let refusal = refusal
            let surface = RecordingSurface(repetition: .duplicates) { _ throws(SurfaceError) in throw refusal }

            try await EngineScene(store, surface.running(log: lines.log)).deliver(conversation)

            #expect(surface.operations.count <= 4)
            #expect(lines.phrases(.error) == ["Message given up"])
            #expect(try await store.posts().map(\.state) == [.failed])
        }
    }

    @Test func `sends a picture that is refused as a document`() async throws {
        try await withStore { store, _ in
            let conversation = try await store.owe(.photo)
            let refusal = refusal
            let surface = RecordingSurface { operation throws(SurfaceError) in
                guard case .send(.file(let file), _, _) = operation, file.kind == .document else { throw refusal }
                return Receipt(message: "sent")
            }

            try await EngineScene(store, surface.running()).deliver(conversation)

            #expect(surface.said == ["<a.png>", "<a.png>"])
            #expect(try await store.posts().map(\.state) == [.delivered])
        }
    }

    @Test func `makes few messages when each is gone before it is complete`() async throws {
        try await withStore { store, _ in
            let conversation = try await store.owe("one two three four")
            let surface = RecordingSurface(repetition: .duplicates) { operation throws(SurfaceError) in
                if operation.isEdit { throw .refused(.messageGone, reason: "gone") }
                return Receipt(message: "sent")
            }

            try await EngineScene(store, surface.running()).deliver(conversation)

            #expect(surface.operations.count(where: \.isSend) == DeliveryDecision.mostOpenings + 1)
            #expect(surface.said.last == "one two three four")
        }
    }

    @Test func `sends what is harmless twice in one message`() async throws {
        try await withStore { store, _ in
            let conversation = try await store.owe("one two three four", isRepeatable: true)
            let surface = RecordingSurface(repetition: .duplicates)

            try await EngineScene(store, surface.running()).deliver(conversation)

            #expect(surface.said == ["one two three four"])
        }
    }

    @Test func `tells in one line that something was given up, when the chat works again`() async throws {
        try await withStore { store, _ in
            let old = Timestamp.now - .seconds(25 * 3600)
            let conversation = try await store.owe("old", since: old)
            try await store.owe("newer", since: old)
            let fails = Mutex(2)
            let surface = RecordingSurface { _ throws(SurfaceError) in
                let isDown = fails.withLock { left in
                    defer { left -= 1 }
                    return left > 0
                }
                if isDown { throw .unavailable(reason: "down") }
                return Receipt(message: "sent")
            }
            let scene = EngineScene(store, surface.running())

            try await scene.deliver(conversation)
            try await store.owe("new")
            try await scene.deliver(conversation)

            #expect(Array(surface.said.prefix(3)) == ["old", "newer", "new"], "each is tried once")
            #expect(surface.said.dropFirst(3).count == 1)
            #expect(surface.said.last?.hasPrefix("⚠️") == true)
        }
    }

    @Test func `waits without attempts until its surface works again`() async throws {
        try await withStore { store, _ in
            let conversation = try await store.owe("hi")
            let refused = Atomic<Bool>(true)
            let surface = RecordingSurface { _ throws(SurfaceError) in
                if refused.load(ordering: .acquiring) { throw .unauthorized(reason: "the token") }
                return Receipt(message: "sent")
            }
            let scene = EngineScene(store, surface.running(health: .needsAttention))

            try await scene.deliver(conversation)
            #expect(surface.said == ["hi"])
            refused.store(false, ordering: .releasing)
            try await scene.run { try await $0.wakeAll() }

            #expect(surface.said == ["hi", "hi"])
            #expect(try await store.posts().map(\.state) == [.delivered])
        }
    }

    @Test func `tells the chat when a message can no longer be read after its opening was sent`() async throws {
        try await withStore { store, _ in
            let conversation = try await store.owe("a whole answer in many words, more than an opening holds")
            let surface = RecordingSurface(repetition: .duplicates) { operation throws(SurfaceError) in
                guard operation.isSend, operation.said?.hasPrefix("⚠️") == false else { return Receipt() }
                do {
                    try await store.script("UPDATE post SET content = '{'")
                } catch {
                    throw .unavailable(reason: "\(error)")
                }
                return Receipt(message: "m1")
            }

            try await EngineScene(store, surface.running()).deliver(conversation)

            #expect(surface.said.contains { $0.hasPrefix("⚠️") })
            #expect(try await store.read { try $0.postsOwed() } == 0)
        }
    }

    @Test func `says all in one piece where a messenger names no message`() async throws {
        try await withStore { store, _ in
            let conversation = try await store.owe("a whole answer in many words, more than an opening holds")
            let surface = RecordingSurface(repetition: .duplicates) { _ throws(SurfaceError) in Receipt() }

            try await EngineScene(store, surface.running()).deliver(conversation)

            #expect(surface.said.last == "a whole answer in many words, more than an opening holds")
            #expect(surface.said.count == 2)
            #expect(try await store.posts().map(\.state) == [.delivered])
        }
    }

    @Test func `gives up a message that cannot be read, tells the chat, and goes on`() async throws {
        try await withStore { store, _ in
            let conversation = try await store.owe("broken")
            try await store.owe("sound")
            try await store.script("UPDATE post SET content = '{' WHERE id = (SELECT min(id) FROM post)")
            let lines = LogLines()
            let surface = RecordingSurface()

            try await EngineScene(store, surface.running(), log: lines.log).deliver(conversation)

            #expect(lines.phrases(.error) == ["A row of the state could not be read and was given up"])
            #expect(surface.said.count == 2)
            #expect(surface.said.contains("sound"))
            #expect(surface.said.contains { $0.hasPrefix("⚠️") })
            #expect(try await store.read { try $0.postsOwed() } == 0)
        }
    }
}
