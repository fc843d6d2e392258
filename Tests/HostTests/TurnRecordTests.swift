import Testing

@testable import Host

@Suite("Turn record")
struct TurnRecordTests {
    @Test func `does not send a question that has ended, nor wake one`() async throws {
        try await withStore { store, _ in
            let turn = try await store.write { database in try database.sampleTurn() }
            try await store.write { try $0.endTurn(turn, as: .withdrawn, now: .now) }

            await #expect(throws: StoreError.self) { try await store.write { try $0.markSent(turn, now: .now) } }
            try await store.write { try $0.markUnsent(turn) }

            #expect(try await store.read { try $0.turn(turn) }?.state == .ended)
        }
    }
}
