import Basics
import Testing

@testable import State

@Suite("Turn record")
struct TurnRecordTests {
    @Test func `does not send a question that has ended, nor wake one`() async throws {
        try await withStore { store, _ in
            let turn = try await store.job(.full) { try $0.sampleTurn() }
            let record = try #require(try await store.read { try $0.turn(turn) })
            try await store.write { try $0.endTurn(turn, as: .withdrawn, now: .now) }

            #expect(try await store.write { try $0.beginTurn(record, now: .now) } == false)
            try await store.write { try $0.noteFailedAttempt(at: record, now: .now) }

            #expect(try await store.read { try $0.turn(turn) }?.state == .ended)
        }
    }
}
