import State
import Synchronization

/// A store that fails as often as it is told, as one whose disk is full or whose database is locked.
final class FaultyStore: StateStore {
    private let store: SQLiteStore
    private let reads: Mutex<Int>
    private let writes: Mutex<Int>

    init(_ store: SQLiteStore, failingReads reads: Int = 0, failingWrites writes: Int = 0) {
        self.store = store
        self.reads = Mutex(reads)
        self.writes = Mutex(writes)
    }

    var deathMark: DeathMark { store.deathMark }
    var files: FileCabinet { store.files }

    /// Lets the next `count` writes fail.
    func fail(writes count: Int) { writes.withLock { $0 = count } }

    /// Failures that are still to come.
    var left: Int { reads.withLock { $0 } + writes.withLock { $0 } }

    func write<Result: Sendable>(
        _ durability: Durability,
        _ body: @escaping @Sendable (any StateChanging) throws -> Result
    ) async throws -> Result {
        try Self.fail(writes)
        return try await store.write(durability, body)
    }

    func read<Result: Sendable>(_ body: @escaping @Sendable (any StateReading) throws -> Result) async throws -> Result
    {
        try Self.fail(reads)
        return try await store.read(body)
    }

    func foreignChanges() async throws -> Int64 { try await store.foreignChanges() }

    func close() async { await store.close() }

    private static func fail(_ left: borrowing Mutex<Int>) throws(StateError) {
        let fails = left.withLock { left in
            defer { left = max(0, left - 1) }
            return left > 0
        }
        if fails { throw .unwritable(reason: "database is locked") }
    }
}
