import Basics

/// Everything that the host must not forget.
///
/// What is asked of it is said in the words of the host (take this event, begin this turn, what is owed here), never in
/// those of a database. An implementation promises:
///
/// - A transaction holds whole or not at all. Writes happen one after the other, in the order of their calls, and none
///   sees a part of another.
/// - What a write returned is in every read that begins after it. A read sees one moment from its first to its last
///   answer, and waits for no write.
/// - No number of a turn, a post or a context is ever given twice, also not after the state was restored from a backup:
///   messengers and agents remember them. Later ones are larger.
/// - Nothing is looked for among all that is remembered: the time of an answer does not grow with the past.
/// - What comes from outside is stored and given back as it was, also when it is odd or large.
/// - A row that cannot be read fails the question for it, and no other.
/// - One host at a time: who opens a state that another one uses is refused.
package protocol StateStore: Sendable {
    /// Runs `body` in a transaction of its own and returns when it is committed.
    ///
    /// What `body` throws undoes its changes only. It must not call back into the store.
    ///
    /// - Throws: What `body` throws; ``StateError`` when the changes could not be committed.
    func write<Result: Sendable>(
        _ durability: Durability,
        _ body: @escaping @Sendable (any StateChanging) throws -> Result
    ) async throws -> Result

    /// Runs `body` on what is committed, beside the writer and other readers.
    ///
    /// - Throws: What `body` throws.
    func read<Result: Sendable>(_ body: @escaping @Sendable (any StateReading) throws -> Result) async throws -> Result

    /// Changes whenever another process has changed the state.
    func foreignChanges() async throws -> Int64

    /// In which events this process, or the one before it, has died.
    var deathMark: DeathMark { get }

    /// The files of turns.
    var files: FileCabinet { get }

    /// Finishes what waits and closes the state; takes its time also when cancelled. What comes later is refused.
    func close() async
}

/// What a commit must survive.
package enum Durability: Sendable {
    /// A power cut.
    case full
    /// The death of this process; spares the flush to the disk.
    case process
}

extension StateStore {
    /// As ``write(_:_:)``, over a power cut.
    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any StateChanging) throws -> Result
    ) async throws -> Result {
        try await write(.full, body)
    }
}
