import Basics
import Metrics
import Settings
import SurfaceKit
import Testing

@testable import Engine
@testable import State

@Suite("Counting")
struct CountingTests {
    private let metrics = SurfaceMetrics(since: .now)

    private func event(_ id: String, _ text: String, from person: PersonID = "ann") -> InboundEvent {
        InboundEvent(
            id: EventID(id),
            conversation: ConversationAddress(chat: ChatID("dm-\(person)")),
            chatKind: .direct,
            sender: Sender(id: person, name: "Ann"),
            content: .message(InboundMessage(id: MessageID(id), text: text, addressed: true))
        )
    }

    private func inbox(_ store: SQLiteStore) -> DurableInbox {
        DurableInbox(
            system: OperatingSystem(),
            rules: .sample(access: AccessPlan(policy: .allowlist, users: ["ann"])),
            store: store,
            health: SurfaceHealth(.starting, on: OperatingSystem()),
            log: .silent,
            conversations: EngineScene(store, []).conversations,
            metrics: metrics
        )
    }

    @Test func `tells messages, repetitions and strangers apart`() async throws {
        try await withStore { store, _ in
            let events = [event("1", "hi"), event("1", "hi"), event("2", "me?", from: "bob"), event("3", "!stop")]

            try await inbox(store).accept(events, checkpoint: nil, state: [])

            #expect(metrics.events.value == 4)
            #expect(metrics.messages.value == 2)
            #expect(metrics.duplicates.value == 1)
            #expect(metrics.strangers.value == 1)
            #expect(metrics.turns.snapshot[.stopped] == 1)
        }
    }

    @Test func `counts nothing that was not stored`() async throws {
        try await withStore { store, _ in
            try await store.script("CREATE TRIGGER no BEFORE INSERT ON checkpoint BEGIN SELECT RAISE(ABORT, 'no'); END")

            _ = try? await inbox(store).accept([event("1", "hi")], checkpoint: Checkpoint("7"), state: [])

            #expect(metrics.events.value == 0)
            #expect(metrics.messages.value == 0)
        }
    }

    @Test(
        arguments: [
            (nil, [.delivered], 1), (.refused(.other, reason: "no"), [.simplified, .failed], 0),
        ] as [(SurfaceError?, Set<SurfaceMetrics.DeliveryResult>, Int)]
    )
    func `counts what became of a delivery`(
        error: SurfaceError?,
        results: Set<SurfaceMetrics.DeliveryResult>,
        delivered: Int
    ) async throws {
        try await withStore { store, _ in
            let conversation = try await store.owe("hi")
            let surface = RecordingSurface { _ throws(SurfaceError) in
                if let error { throw error }
                return Receipt(message: "sent")
            }
            let runtime = surface.running()

            try await EngineScene(store, runtime).deliver(conversation)

            let counted = runtime.metrics.operations.values.filter { $0.value > 0 }.map(\.label)
            #expect(Set(counted) == results)
            #expect(runtime.metrics.deliveries.snapshot.count == delivered)
        }
    }

    @Test func `counts for its surface what the day gave up`() async throws {
        try await withStore { store, _ in
            let old = Timestamp.now - .seconds(25 * 3600)
            for surface in ["a", "a", "b"] as [SurfaceID] { try await store.owe("hi", on: surface, since: old) }
            try await store.owe("new", on: "a")
            let metrics = HostMetrics()
            var settings = HostSettings.sample()
            settings.surfaces = [.sample("a", isEnabled: false), .sample("b", isEnabled: false)]

            try await Janitor(
                system: OperatingSystem(),
                store: store,
                live: LiveSettings(settings),
                metrics: metrics,
                log: .silent
            ).clean()

            let counted = ["a", "b"].map { metrics.surface($0, RecordingSurface.kind).operations[.givenUp] }
            #expect(counted == [2, 1])
            #expect(try await store.read { try $0.queues(now: .now) }.outbox == ["a": 1])
        }
    }
}
