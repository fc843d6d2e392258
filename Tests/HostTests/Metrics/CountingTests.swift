import AgentLink
import Basics
import SurfaceKit
import Testing

@testable import Host

@Suite("Counting")
struct CountingTests {
    private let metrics = SurfaceMetrics()

    private func event(_ id: String, _ text: String, from person: PersonID = "ann") -> InboundEvent {
        InboundEvent(
            id: EventID(id),
            conversation: ConversationAddress(chat: ChatID("dm-\(person)")),
            chatKind: .direct,
            sender: Sender(id: person, name: "Ann"),
            content: .message(InboundMessage(id: MessageID(id), text: text, addressed: true))
        )
    }

    private func inbox(_ store: Store) -> DurableInbox {
        DurableInbox(
            rules: IntakeRules(
                surface: "a",
                prefix: "!",
                respond: .mention,
                language: .english,
                attachments: AttachmentLimits(maxBytes: 100, maxCount: 2, keep: .seconds(3600)),
                access: AccessPlan(policy: .allowlist, users: ["ann"])
            ),
            store: store,
            health: SurfaceHealth(.starting),
            log: .silent,
            follow: { _, _ in },
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
            #expect(metrics.turns[.stopped] == 1)
        }
    }

    @Test func `counts nothing that was not stored`() async throws {
        try await withStore { store, _ in
            try await store.write { database in
                try database.script(
                    "CREATE TRIGGER no BEFORE INSERT ON checkpoint BEGIN SELECT RAISE(ABORT, 'no'); END"
                )
            }

            _ = try? await inbox(store).accept([event("1", "hi")], checkpoint: "7", state: [])

            #expect(metrics.events.value == 0)
            #expect(metrics.messages.value == 0)
        }
    }

    @Test func `times an answer from the request on`() {
        let watch = RunWatch(metrics, readySince: .now - .milliseconds(40))

        watch.sent()
        watch.firstText()
        watch.ended(.finished)

        #expect(metrics.addedLatency.snapshot.sum >= 0.04)
        #expect(metrics.firstText.snapshot.count == 1)
        #expect(metrics.runs.snapshot.count == 1)
        #expect(metrics.requests[.finished] == 1)
    }

    @Test func `adds no latency for a repeated attempt, and no request for none`() {
        let again = RunWatch(metrics, readySince: nil)
        again.sent()
        again.ended(AgentError.unreachable(retryAfter: nil, reason: "503"))
        RunWatch(metrics, readySince: .now).ended(AgentError.cancelled)

        #expect(metrics.addedLatency.snapshot.count == 0)
        #expect(metrics.requests[.unreachable] == 1)
        #expect(metrics.requests[.abandoned] == 0)
        #expect(metrics.runs.snapshot.count == 0)
    }

    @Test(arguments: [
        (SurfaceError?.none, [SurfaceMetrics.DeliveryResult.delivered], 1),
        (.refused(.other, reason: "no"), [.failed], 0),
    ])
    func `counts what became of a delivery`(
        error: SurfaceError?,
        results: [SurfaceMetrics.DeliveryResult],
        delivered: Int
    ) async throws {
        try await withStore { store, _ in
            let conversation = try await store.write { database in
                let address = ConversationAddress(chat: "room")
                let conversation = try database.conversation(on: "a", at: address, kind: .direct, language: nil)
                try database.queuePost(.text(MessageText("hi")), in: conversation.id, now: .now)
                return conversation.id
            }
            let surface = RecordingSurface { _ throws(SurfaceError) in
                if let error { throw error }
                return Receipt(message: "sent")
            }
            let runtime = surface.running()

            await TaskScope.run { scope in
                let outbox = Outbox(store: store, log: .silent, scope: scope) { _ in runtime }
                outbox.wake(conversation)
                await outbox.untilIdle()
            }

            #expect(runtime.metrics.operations.values.filter { $0.value == 1 }.map(\.label) == results)
            #expect(runtime.metrics.deliveries.snapshot.count == delivered)
        }
    }

    @Test func `counts for its surface what the day gave up`() async throws {
        try await withStore { store, directory in
            try await store.write { database in
                for surface in ["a", "a", "b"] as [SurfaceID] {
                    let address = ConversationAddress(chat: "room")
                    let conversation = try database.conversation(on: surface, at: address, kind: .direct, language: nil)
                    let old = Timestamp.now - .seconds(25 * 3600)
                    try database.queuePost(.text(MessageText("hi")), in: conversation.id, now: old)
                }
            }

            let given = try await store.write { try $0.giveUpPosts(dueBefore: .now - .seconds(3600), now: .now) }

            #expect(given == ["a": 2, "b": 1])
            let queues = try await store.read { try $0.queues(now: .now) }
            #expect(queues.outbox == [:])
        }
    }
}
