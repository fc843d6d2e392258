import Basics
import Synchronization

/// A thread for work that takes long without waiting, so that the few threads of the cooperative pool stay free.
final class BackgroundThread: Sendable {
    /// For texts of ordinary length.
    static let ordinary = BackgroundThread()
    /// For long ones, so that nothing ordinary waits behind them.
    static let long = BackgroundThread()

    private let jobs = Mutex<[@Sendable () -> Void]>([])
    private let ready = ThreadSignal()

    private init() {
        let started = DedicatedThread.start { [self] in loop() }
        precondition(started, "the system gives no thread")
    }

    /// Runs `work` after what was asked before.
    func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            jobs.withLock { $0.append { continuation.resume(returning: work()) } }
            ready.signal()
        }
    }

    private func loop() {
        while true {
            ready.wait()
            let batch = jobs.withLock { jobs in
                defer { jobs = [] }
                return jobs
            }
            for job in batch { job() }
        }
    }
}
