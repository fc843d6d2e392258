import Basics
import Foundation
import Metrics
import SurfaceKit
import Testing

@testable import Engine
@testable import State

@Suite("Durable inbox")
struct DurableInboxTests {
    private let hello = InboundEvent(
        id: "1",
        conversation: ConversationAddress(chat: "room"),
        chatKind: .direct,
        sender: Sender(id: "ann", name: "Ann"),
        content: .message(InboundMessage(id: "1", text: "hi", addressed: true))
    )

    private func inbox(_ store: SQLiteStore) -> DurableInbox {
        DurableInbox(
            system: OperatingSystem(),
            rules: .sample(),
            store: store,
            health: SurfaceHealth(.starting, on: OperatingSystem()),
            log: .silent,
            conversations: EngineScene(store, []).conversations,
            metrics: SurfaceMetrics(since: .now)
        )
    }

    @Test func `stores no checkpoint when the events could not be stored`() async throws {
        try await withStore { store, _ in
            try await store.script(
                "CREATE TRIGGER refuse BEFORE INSERT ON checkpoint BEGIN SELECT RAISE(ABORT, 'refused'); END"
            )
            let inbox = inbox(store)

            await #expect(throws: SurfaceError.self) {
                try await inbox.accept([hello], checkpoint: Checkpoint("7"), state: [StateChange(key: "k", value: "v")])
            }

            #expect(try await store.read { try $0.checkpoint(of: "a") } == nil)
            #expect(try await StoredSurfaceState(surface: "a", store: store).value("k") == nil)
        }
    }

    @Test func `stores checkpoint and events together`() async throws {
        try await withStore { store, _ in
            try await inbox(store).accept([hello], checkpoint: Checkpoint("7"))

            #expect(try await store.read { try $0.checkpoint(of: "a") } == Checkpoint("7"))
            #expect(try await store.read { try $0.waitingTurns() } == 1)
        }
    }

    @Test func `sets an event aside that cannot be taken, and takes the others`() async throws {
        try await withStore { store, _ in
            try await store.script(
                """
                CREATE TRIGGER refuse BEFORE INSERT ON turn WHEN NEW.message = '1'
                BEGIN SELECT RAISE(ABORT, 'refused'); END
                """
            )

            try await inbox(store).accept([hello, event("2")], checkpoint: Checkpoint("7"))

            #expect(try await store.read { try $0.checkpoint(of: "a") } == Checkpoint("7"))
            #expect(try await store.read { try $0.waitingTurns() } == 1)
            #expect(try await store.read { try $0.eventsSetAside() } == 1)
            #expect(try await store.read { try $0.postsOwed() } == 1, "the person is told")
        }
    }

    @Test func `tells the chat when an event meets a question that cannot be read`() async throws {
        try await withStore { store, _ in
            try await inbox(store).accept([hello], checkpoint: Checkpoint("1"))
            try await store.script("UPDATE turn SET question = '{'")
            let correction = InboundEvent(
                id: "2",
                conversation: hello.conversation,
                chatKind: hello.chatKind,
                sender: hello.sender,
                content: .edited("1", text: "better")
            )

            try await inbox(store).accept([correction], checkpoint: Checkpoint("2"))

            #expect(try await store.read { try $0.checkpoint(of: "a") } == Checkpoint("2"))
            #expect(try await store.read { try $0.waitingTurns() } == 0)
            #expect(try await store.said().count(where: { $0.hasPrefix("⚠️") }) == 1)
        }
    }

    @Test(arguments: [(1, 1, 0), (2, 1, 0), (3, 0, 1)])
    func `takes an event the process died in twice more, then sets it aside`(
        deaths: Int,
        turns: Int64,
        setAside: Int64
    ) async throws {
        try await withStore { store, directory in
            for _ in 0..<deaths { try die(taking: hello, in: "\(directory)/surfaces.db-mark") }
            let again = try SQLiteStore(path: "\(directory)/surfaces.db")

            try await inbox(again).accept([hello], checkpoint: Checkpoint("7"))

            #expect(try await again.read { try $0.waitingTurns() } == turns)
            #expect(try await again.read { try $0.eventsSetAside() } == setAside)
            await again.close()
        }
    }

    @Test func `takes the others first when the process died in an event twice`() async throws {
        try await withStore { store, directory in
            for _ in 0..<2 { try die(taking: hello, in: "\(directory)/surfaces.db-mark") }
            let again = try SQLiteStore(path: "\(directory)/surfaces.db")

            try await inbox(again).accept([hello, event("2")], checkpoint: Checkpoint("7"))

            #expect(try await again.turns().map(\.message) == ["2", "1"])
            await again.close()
        }
    }

    private func event(_ id: String) -> InboundEvent {
        InboundEvent(
            id: EventID(id),
            conversation: ConversationAddress(chat: "room"),
            chatKind: .direct,
            sender: Sender(id: "ann", name: "Ann"),
            content: .message(InboundMessage(id: MessageID(id), text: "hi", addressed: true))
        )
    }

    /// What a process leaves that dies while it takes `event`.
    private func die(taking event: InboundEvent, in path: String) throws {
        let mark = try DeathMark(path: path)
        try mark.during(event.id, of: "a") {
            let bytes = try Data(contentsOf: URL(filePath: path))
            try bytes.write(to: URL(filePath: path + ".dead"))
        }
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: path + ".dead", toPath: path)
    }
}
