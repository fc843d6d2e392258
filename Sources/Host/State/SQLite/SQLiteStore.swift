import Basics
import Glibc
import Synchronization

/// The state in one SQLite database.
///
/// One thread writes. What waits is grouped into one commit, so that many small transactions share one flush to disk.
/// Reads have connections of their own beside it.
package final class SQLiteStore: StateStore {
    private struct Job: Sendable {
        let durability: Durability
        let work: @Sendable (Database) -> Void
        /// Called with `nil` when the commit that holds the job succeeded.
        let finish: @Sendable (StateError?) -> Void
    }

    private struct Queue: ~Copyable {
        var jobs: [Job] = []
        var closed = false
    }

    private let queue = Mutex(Queue())
    private let ready = ThreadSignal()
    private let ended = EndSignal()
    private let readers: [Reader]
    private let nextReader = Atomic<Int>(0)
    package let deathMark: DeathMark
    package let files: FileCabinet

    private static let readerCount = 2

    /// Opens, or creates, the database in the file at `path` and brings it to the newest form.
    ///
    /// Blocks while it opens. Only who holds the ``StateLock`` of the folder may open it: two would migrate it at once.
    ///
    /// - Throws: ``StateError/unwritable(reason:)`` also for what would fail only later: a state that belongs to another
    ///   user, or a disk that can only be read; ``StateError/unusable(reason:)``.
    package init(path: String) throws(StateError) {
        let folder = StateFolder(database: path)
        try folder.proveUsable()
        let database = try Database(path: path)
        try Migrations.apply(to: database)
        try database.proveWritable()
        try OutgoingNumbers.advance(in: database, now: .now)
        try folder.makeDurable()
        deathMark = try DeathMark(path: folder.deathMark)
        files = folder.files
        readers = try Reader.several(Self.readerCount, path: path)
        let owned = Transferred(database)
        guard DedicatedThread.start({ [self] in self.loop(owned.value) }) else {
            for reader in readers { reader.end() }
            throw .unwritable(reason: "the system gives no thread")
        }
    }

    package func write<Result: Sendable>(
        _ durability: Durability,
        _ body: @escaping @Sendable (any StateChanging) throws -> Result
    ) async throws -> Result {
        try await job(durability) { try body($0) }
    }

    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (any StateReading) throws -> Result
    ) async throws -> Result {
        let turn = nextReader.wrappingAdd(1, ordering: .relaxed).oldValue
        return try await readers[Int(UInt(bitPattern: turn) % UInt(readers.count))].read { try body($0) }
    }

    // Asked of the writer: to another connection its own commits would look foreign.
    package func foreignChanges() async throws -> Int64 { try await job(.process) { try $0.dataVersion() } }

    /// Runs `body` on the writer, in a transaction of its own.
    func job<Result: Sendable>(
        _ durability: Durability,
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let outcome = Mutex<Swift.Result<Result, any Error>?>(nil)
            let job = Job(
                durability: durability,
                work: { database in
                    let result = Swift.Result { try database.nested { try body(database) } }
                    outcome.withLock { $0 = result }
                },
                finish: { failure in
                    if let failure { return continuation.resume(throwing: failure) }
                    guard let result = outcome.withLock({ $0 }) else {
                        return continuation.resume(throwing: StateError.failed(reason: "the job did not run"))
                    }
                    continuation.resume(with: result)
                }
            )
            enqueue(job)
        }
    }

    /// Transactions that wait for the next commit.
    package var waiting: Int { queue.withLock { $0.jobs.count } }

    /// Finishes what waits and closes the database; takes its time also when cancelled.
    package func close() async {
        for reader in readers { await reader.close() }
        queue.withLock { $0.closed = true }
        ready.signal()
        await ended.wait()
    }

    private func enqueue(_ job: Job) {
        let accepted = queue.withLock { queue in
            if !queue.closed { queue.jobs.append(job) }
            return !queue.closed
        }
        if accepted { ready.signal() } else { job.finish(.failed(reason: "the store is closed")) }
    }

    private func loop(_ database: Database) {
        while true {
            ready.wait()
            let (jobs, closed) = queue.withLock { queue in
                defer { queue.jobs = [] }
                return (queue.jobs, queue.closed)
            }
            if !jobs.isEmpty { commit(jobs, to: database) }
            if closed { break }
        }
        database.close()
        ended.signal()
    }

    private func commit(_ jobs: [Job], to database: Database) {
        do throws(StateError) {
            let full = jobs.contains { $0.durability == .full }
            try database.setSynchronous(full)
            try database.run("BEGIN IMMEDIATE")
            for job in jobs {
                job.work(database)
                // A disk that fills in the middle of a statement takes the whole transaction with it: what came before
                // is undone, and what follows would be committed by itself.
                guard database.isInTransaction else { throw .unwritable(reason: "the transaction was given up") }
            }
            try database.run("COMMIT")
            for job in jobs { job.finish(nil) }
        } catch {
            _ = try? database.run("ROLLBACK")
            for job in jobs { job.finish(error) }
        }
    }
}
