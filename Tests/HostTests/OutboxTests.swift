import Basics
import SurfaceKit
import Testing

@testable import Host

@Suite("Outbox")
struct OutboxTests {
    /// What a surface does with an operation is held until it is let go.
    private struct Held: Sendable {
        let arrived = Wakeup()
        let go = Wakeup()
    }

    private func owe(_ text: String, _ store: Store) async throws -> Int64 {
        try await store.write { database in
            let address = ConversationAddress(chat: "room")
            let conversation = try database.conversation(on: "a", at: address, kind: .direct, language: nil)
            try database.queuePost(.text(MessageText(text)), in: conversation.id, now: .now)
            return conversation.id
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `delivers by the new surface what the old one was busy with when it was replaced`() async throws {
        try await withStore { store, _ in
            let conversation = try await owe("hi", store)
            let held = Held()
            let old = RecordingSurface { _ throws(SurfaceError) in
                held.arrived.signal()
                await held.go.wait()
                throw .unauthorized(reason: "the token was replaced")
            }
            let new = RecordingSurface()
            let registry = SurfaceRegistry()
            registry.add(old.running())

            await TaskScope.run { scope in
                let outbox = Outbox(store: store, log: .silent, scope: scope) { registry[$0] }
                outbox.wake(conversation)
                await held.arrived.wait()
                registry.add(new.running())
                // As a surface does that begins to receive.
                try? await outbox.wakeAll()
                held.go.signal()
                await outbox.untilIdle()
            }

            #expect(new.operations.count == 1)
            #expect(try await store.read { try $0.duePosts() } == 0)
        }
    }
}
