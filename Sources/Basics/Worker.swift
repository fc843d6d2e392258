import Synchronization

/// Does work that blocks or takes long, one piece after the other, away from the few threads of the cooperative pool.
package protocol Worker: Sendable {
    /// Does `work` after what was asked before.
    func run(_ work: @escaping @Sendable () -> Void)

    /// Ends after what was asked before; nothing may follow.
    func end()
}

/// A ``Worker`` on a thread of its own.
package final class WorkerThread: Worker {
    private struct Queue: ~Copyable {
        var work: [@Sendable () -> Void] = []
        var hasEnded = false
    }

    private let queue = Mutex(Queue())
    private let ready = ThreadSignal()

    /// `nil` when the system gives no thread.
    package init?() {
        guard DedicatedThread.start({ [self] in loop() }) else { return nil }
    }

    package func run(_ work: @escaping @Sendable () -> Void) {
        queue.withLock { $0.work.append(work) }
        ready.signal()
    }

    package func end() {
        queue.withLock { $0.hasEnded = true }
        ready.signal()
    }

    private func loop() {
        while true {
            ready.wait()
            let (batch, hasEnded) = queue.withLock { queue in
                defer { queue.work = [] }
                return (queue.work, queue.hasEnded)
            }
            for work in batch { work() }
            if hasEnded { return }
        }
    }
}
