import State

/// The state of one life: after its death nothing is read or written any more.
final class MortalStore: StateStore, @unchecked Sendable {
    private let store: SQLiteStore
    private let life: Life
    /// Whether the disk takes nothing now.
    var isFull = false

    init(_ store: SQLiteStore, _ life: Life) {
        self.store = store
        self.life = life
    }

    var deathMark: DeathMark { store.deathMark }
    var files: FileCabinet { store.files }

    func write<Result: Sendable>(
        _ durability: Durability,
        _ body: @escaping @Sendable (any StateChanging) throws -> Result
    ) async throws -> Result {
        try check()
        if isFull { throw StateError.unwritable(reason: "database or disk is full") }
        switch life.commit() {
        case .before: life.end()
        case .after:
            _ = try await store.write(durability, body)
            life.end()
        case nil:
            let result = try await store.write(durability, body)
            try check()
            return result
        }
        throw dead
    }

    func read<Result: Sendable>(_ body: @escaping @Sendable (any StateReading) throws -> Result) async throws -> Result
    {
        try check()
        let result = try await store.read(body)
        try check()
        return result
    }

    /// Changes what is stored as no part of the host would.
    func damage(_ statement: String) async throws {
        try check()
        try await store.write { _ = try ($0 as? Database)?.run(statement) }
    }

    func foreignChanges() async throws -> Int64 {
        try check()
        return try await store.foreignChanges()
    }

    func close() async { await store.close() }

    private var dead: StateError { .unwritable(reason: "the process has died") }

    private func check() throws { if life.isOver { throw dead } }
}
