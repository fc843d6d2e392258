import Basics
import SurfaceKit
import Testing

@testable import Host

@Suite("Durable inbox")
struct DurableInboxTests {
    private let hello = InboundEvent(
        id: "1",
        conversation: ConversationAddress(chat: "room"),
        chatKind: .direct,
        sender: Sender(id: "ann", name: "Ann"),
        content: .message(InboundMessage(id: "1", text: "hi", addressed: true))
    )

    private func inbox(_ store: Store) -> DurableInbox {
        DurableInbox(
            rules: IntakeRules(
                surface: "a",
                prefix: "!",
                respond: .mention,
                language: .english,
                attachments: AttachmentLimits(maxBytes: 100, maxCount: 2, keep: .seconds(3600)),
                access: AccessPlan(policy: .open, users: [])
            ),
            store: store,
            health: SurfaceHealth(.starting),
            log: .silent,
            follow: { _, _ in }
        )
    }

    @Test func `stores no checkpoint when the events could not be stored`() async throws {
        try await withStore { store, _ in
            try await store.write { database in
                try database.script(
                    "CREATE TRIGGER refuse BEFORE INSERT ON turn BEGIN SELECT RAISE(ABORT, 'refused'); END"
                )
            }
            let inbox = inbox(store)

            await #expect(throws: SurfaceError.self) {
                try await inbox.accept([hello], checkpoint: "7", state: [StateChange(key: "k", value: "v")])
            }

            #expect(try await store.read { try $0.checkpoint(of: "a") } == nil)
            #expect(try await StoredSurfaceState(surface: "a", store: store).value("k") == nil)
        }
    }

    @Test func `stores checkpoint and events together`() async throws {
        try await withStore { store, _ in
            try await inbox(store).accept([hello], checkpoint: "7")

            #expect(try await store.read { try $0.checkpoint(of: "a") } == "7")
            #expect(try await store.read { try $0.waitingTurns() } == 1)
        }
    }
}
