import Basics
import Foundation
import SurfaceKit
import Testing

@testable import State

/// Numbers by which messengers and agents know things.
@Suite("Outgoing numbers")
struct OutgoingNumberTests {
    @Test func `a state that was restored gives no number that the lost one gave`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "surfaces-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let original = try Self.open(folder, "original")
        let kept = try await Self.numbers(of: original)
        try Database(path: "\(folder)/original/surfaces.db").script("VACUUM INTO '\(folder)/backup.db'")
        let lost = try await Self.numbers(of: original)
        await original.close()

        try FileManager.default.createDirectory(atPath: "\(folder)/restored", withIntermediateDirectories: true)
        try FileManager.default.moveItem(atPath: "\(folder)/backup.db", toPath: "\(folder)/restored/surfaces.db")
        let restored = try Self.open(folder, "restored")
        let owed = try await restored.read { state in
            try state.conversationsOwed().compactMap { try state.nextOwed(in: $0)?.id.number }
        }
        let new = try await Self.numbers(of: restored)
        await restored.close()

        #expect(owed == [kept[1]])
        #expect(Set(new).isDisjoint(with: kept) && Set(new).isDisjoint(with: lost))
        #expect(try #require(new.min()) > 0)
    }

    @Test func `the clock may be set back between the backup and its return`() throws {
        let start = Timestamp(milliseconds: 1_800_000_000_000)
        try withDatabase { original in
            try withDatabase { copy in
                // Both as they are in the backup, then opened once more while the clock is behind.
                for database in [original, copy] {
                    try OutgoingNumbers.advance(in: database, now: Timestamp(milliseconds: start.milliseconds))
                    try database.run("UPDATE sqlite_sequence SET seq = 1800000000000000")
                    try database.run("UPDATE last_context SET id = ?", SQLValue(start))
                    try OutgoingNumbers.advance(in: database, now: start - .seconds(3600))
                }

                let first = try original.sampleNumbers()
                let second = try copy.sampleNumbers()

                #expect(Set(first).isDisjoint(with: second))
                #expect(first.allSatisfy { $0 > start.milliseconds })
            }
        }
    }

    @Test func `numbers grow, fit into JSON, and a clock that is wrong does not end the host`() throws {
        try withDatabase { database in
            var last: [Int64] = [0, 0, 0]
            for milliseconds: Int64 in [0, 1_800_000_000_000, 1_700_000_000_000, .max, .min, 1_900_000_000_000] {
                try OutgoingNumbers.advance(in: database, now: Timestamp(milliseconds: milliseconds))
                let numbers = try database.sampleNumbers()
                for (new, old) in zip(numbers, last) { #expect(new > old && new < 1 << 53) }
                last = numbers
            }
        }
    }

    @Test func `the same post has the same names after a restart`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "surfaces-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let before = try Self.open(folder, "state")
        let number = try await Self.numbers(of: before)[1]
        let name = try await before.read { try $0.post(PostID(number))?.sendOperation }
        await before.close()

        let after = try Self.open(folder, "state")

        #expect(name != nil)
        #expect(try await after.read { try $0.post(PostID(number))?.sendOperation } == name)
        await after.close()
    }

    private static func open(_ folder: String, _ name: String) throws -> SQLiteStore {
        try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        return try SQLiteStore(path: "\(folder)/\(name)/surfaces.db")
    }

    /// Of a new turn, a new post and a new context.
    private static func numbers(of store: SQLiteStore) async throws -> [Int64] {
        try await store.write { try #require($0 as? Database).sampleNumbers() }
    }
}

extension Database {
    /// Of a new turn, a new post and a new context.
    fileprivate func sampleNumbers() throws -> [Int64] {
        let turn = try sampleTurn()
        guard let record = try self.turn(turn) else { throw StateError.failed(reason: "no turn") }
        try owe(NewPost(.text(MessageText("hi")), in: record.conversation, turn: turn), now: .now)
        guard let post = try posts(of: turn).last else { throw StateError.failed(reason: "no post") }
        return [turn.number, post.id.number, record.context.number]
    }
}
