import Basics
import Glibc
import Synchronization

/// Everything that the host must not forget, in one SQLite database.
///
/// One thread writes. What waits is grouped into one commit, so that many small transactions share one flush to disk.
package final class Store: Sendable {
    /// What a commit must survive.
    package enum Durability: Sendable {
        /// A power cut.
        case full
        /// The death of this process; spares the flush.
        case process
    }

    private struct Job: Sendable {
        let durability: Durability
        let work: @Sendable (Database) -> Void
        /// Called with `nil` when the commit that holds the job succeeded.
        let finish: @Sendable (StoreError?) -> Void
    }

    private struct Queue: ~Copyable {
        var jobs: [Job] = []
        var closed = false
    }

    private let queue = Mutex(Queue())
    private let ready = ThreadSignal()
    private let ended = Ending()
    /// Which event is being taken, for the process that comes after this one.
    let deathMark: DeathMark

    /// Opens, or creates, the database in the file at `path` and brings it to the newest form.
    ///
    /// Blocks while it opens.
    package init(path: String) throws(StoreError) {
        let database = try Database(path: path)
        try Migrations.apply(to: database)
        deathMark = try DeathMark(path: "\(path)-mark")
        let owned = Transferred(database)
        guard DedicatedThread.start({ [self] in self.loop(owned.value) }) else {
            throw .unwritable(reason: "the system gives no thread")
        }
    }

    /// Runs `body` in a transaction of its own and returns when it is committed.
    ///
    /// What `body` throws undoes its changes only. It must not call back into the store.
    package func write<Result: Sendable>(
        _ durability: Durability = .full,
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
                        return continuation.resume(throwing: StoreError.failed(reason: "the job did not run"))
                    }
                    continuation.resume(with: result)
                }
            )
            enqueue(job)
        }
    }

    /// Runs `body`, which only reads.
    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        try await write(.process, body)
    }

    /// Transactions that wait for the next commit.
    var waiting: Int { queue.withLock { $0.jobs.count } }

    /// Finishes what waits and closes the database; takes its time also when cancelled.
    package func close() async {
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
        do throws(StoreError) {
            let full = jobs.contains { $0.durability == .full }
            try database.script("PRAGMA synchronous = \(full ? "FULL" : "NORMAL")")
            try database.script("BEGIN IMMEDIATE")
            for job in jobs {
                job.work(database)
                // A disk that fills in the middle of a statement takes the whole transaction with it: what came before
                // is undone, and what follows would be committed by itself.
                guard database.isInTransaction else { throw .unwritable(reason: "the transaction was given up") }
            }
            try database.script("COMMIT")
            for job in jobs { job.finish(nil) }
        } catch {
            try? database.script("ROLLBACK")
            for job in jobs { job.finish(error) }
        }
    }
}

extension Database {
    /// Runs `body` in a transaction of its own, beside other processes; for a connection that no ``Store`` uses.
    func transaction<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try script("BEGIN IMMEDIATE")
        do {
            let result = try body(self)
            try script("COMMIT")
            return result
        } catch {
            try? script("ROLLBACK")
            throw error
        }
    }

    /// Runs `body` so that what it throws undoes its own changes only.
    func nested<Result>(_ body: () throws -> Result) throws -> Result {
        try script("SAVEPOINT job")
        do {
            let result = try body()
            try script("RELEASE job")
            return result
        } catch {
            // SQLite has given up the whole transaction: there is nothing to go back to.
            guard isInTransaction else { throw error }
            try script("ROLLBACK TO job")
            try script("RELEASE job")
            throw error
        }
    }
}

/// Tells one waiter that something has ended, also when its task is cancelled: the next host opens the same database.
private final class Ending: Sendable {
    private enum State {
        case running, ended
        case awaited(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex(State.running)

    func signal() {
        let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
            defer { state = .ended }
            guard case .awaited(let waiter) = state else { return nil }
            return waiter
        }
        waiter?.resume()
    }

    func wait() async {
        await withCheckedContinuation { waiter in
            let hasEnded: Bool = state.withLock { state in
                if case .ended = state { return true }
                state = .awaited(waiter)
                return false
            }
            if hasEnded { waiter.resume() }
        }
    }
}

/// Hands a value that is used by one thread to that thread.
private struct Transferred<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
}
