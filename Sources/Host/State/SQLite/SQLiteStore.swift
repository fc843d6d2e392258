import Basics
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
        /// Whether the writer was asked to commit them.
        var isAsked = false
        var closed = false
    }

    private let queue = Mutex(Queue())
    private let ended = EndSignal()
    private let database: Transferred<Database>
    private let writer: any Worker
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
    package init(path: String, on system: any System = OperatingSystem()) throws(StateError) {
        let folder = StateFolder(database: path)
        try folder.proveUsable()
        let database = try Database(path: path, system: system)
        try Migrations.apply(to: database)
        try database.proveWritable()
        try OutgoingNumbers.advance(in: database, now: system.now)
        try folder.makeDurable()
        deathMark = try DeathMark(path: folder.deathMark)
        files = folder.files
        guard let writer = system.makeWorker() else { throw .unwritable(reason: "the system gives no thread") }
        do throws(StateError) {
            readers = try Reader.several(Self.readerCount, path: path, on: system)
        } catch {
            writer.end()
            throw error
        }
        self.database = Transferred(database)
        self.writer = writer
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
        let closes = queue.withLock { queue in
            defer { queue.closed = true }
            return !queue.closed
        }
        if closes {
            writer.run { [self] in
                commitAll()
                database.value.close()
                ended.signal()
            }
            writer.end()
        }
        await ended.wait()
    }

    private func enqueue(_ job: Job) {
        let (isAccepted, asks) = queue.withLock { queue in
            guard !queue.closed else { return (false, false) }
            queue.jobs.append(job)
            defer { queue.isAsked = true }
            return (true, !queue.isAsked)
        }
        guard isAccepted else { return job.finish(.failed(reason: "the store is closed")) }
        if asks { writer.run { [self] in commitAll() } }
    }

    /// What comes while a commit flushes to the disk shares the next one.
    private func commitAll() {
        let jobs = queue.withLock { queue in
            defer {
                queue.jobs = []
                queue.isAsked = false
            }
            return queue.jobs
        }
        if !jobs.isEmpty { commit(jobs, to: database.value) }
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
