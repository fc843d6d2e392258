import Basics
import Synchronization

/// A connection that only reads, beside the writer.
final class Reader: Sendable {
    private let database: Transferred<Database>
    private let worker: any Worker
    private let isClosed = Mutex(false)
    private let ended = EndSignal()

    init(path: String, on system: any System) throws(StateError) {
        database = Transferred(try Database(path: path, access: .reading, system: system))
        guard let worker = system.makeWorker() else { throw .unwritable(reason: "the system gives no thread") }
        self.worker = worker
    }

    /// As many readers as `count`, or none.
    static func several(_ count: Int, path: String, on system: any System) throws(StateError) -> [Reader] {
        var readers: [Reader] = []
        do throws(StateError) {
            while readers.count < count { readers.append(try Reader(path: path, on: system)) }
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
        isClosed.withLock { isClosed in
            guard !isClosed else { return }
            isClosed = true
            worker.run { [database, ended] in
                database.value.close()
                ended.signal()
            }
            worker.end()
        }
    }

    private func enqueue(_ job: @escaping @Sendable (Database?) -> Void) {
        let isAccepted = isClosed.withLock { isClosed in
            if !isClosed { worker.run { [database] in job(database.value) } }
            return !isClosed
        }
        if !isAccepted { job(nil) }
    }
}
