import Basics
import Synchronization

/// A thread with a connection that only reads, beside the writer.
final class Reader: Sendable {
    private struct Queue: ~Copyable {
        var jobs: [@Sendable (Database?) -> Void] = []
        var closed = false
    }

    private let queue = Mutex(Queue())
    private let ready = ThreadSignal()
    private let ended = EndSignal()

    init(path: String) throws(StateError) {
        let database = try Database(path: path, access: .reading)
        let owned = Transferred(database)
        guard DedicatedThread.start({ [self] in self.loop(owned.value) }) else {
            throw .unwritable(reason: "the system gives no thread")
        }
    }

    /// As many readers as `count`, or none.
    static func several(_ count: Int, path: String) throws(StateError) -> [Reader] {
        var readers: [Reader] = []
        do throws(StateError) {
            while readers.count < count { readers.append(try Reader(path: path)) }
        } catch {
            for reader in readers { reader.end() }
            throw error
        }
        return readers
    }

    /// Runs `body` on what is committed now, all of it as of one moment.
    func read<Result: Sendable>(_ body: @escaping @Sendable (Database) throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            enqueue { database in
                continuation.resume(
                    with: Swift.Result {
                        guard let database else { throw StateError.failed(reason: "the store is closed") }
                        return try database.snapshot { try body(database) }
                    }
                )
            }
        }
    }

    /// Answers what waits and closes the connection; takes its time also when cancelled.
    func close() async {
        end()
        await ended.wait()
    }

    /// As ``close()``, without waiting for it.
    func end() {
        queue.withLock { $0.closed = true }
        ready.signal()
    }

    private func enqueue(_ job: @escaping @Sendable (Database?) -> Void) {
        let accepted = queue.withLock { queue in
            if !queue.closed { queue.jobs.append(job) }
            return !queue.closed
        }
        if accepted { ready.signal() } else { job(nil) }
    }

    private func loop(_ database: Database) {
        while true {
            ready.wait()
            let (jobs, closed) = queue.withLock { queue in
                defer { queue.jobs = [] }
                return (queue.jobs, queue.closed)
            }
            for job in jobs { job(database) }
            if closed { break }
        }
        database.close()
        ended.signal()
    }
}
