import Basics
import Synchronization

/// A clock on which whoever sleeps for longer than joins and retries take sleeps until the test lets time pass.
final class HeldClock: System {
    private struct Sleepers {
        var isReleased = false
        var next = 0
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let sleepers = Mutex(Sleepers())

    var now: Timestamp { .now }
    var instant: ContinuousClock.Instant { .now }

    func randomBits() -> UInt64 { OperatingSystem().randomBits() }
    func makeWorker() -> (any Worker)? { OperatingSystem().makeWorker() }

    func sleep(until deadline: ContinuousClock.Instant) async throws {
        guard instant.duration(to: deadline) >= .seconds(50) else {
            return try await OperatingSystem().sleep(until: deadline)
        }
        let number = sleepers.withLock { sleepers in
            sleepers.next += 1
            return sleepers.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isAwake = sleepers.withLock { sleepers in
                    if sleepers.isReleased || Task.isCancelled { return true }
                    sleepers.waiting[number] = continuation
                    return false
                }
                if isAwake { continuation.resume() }
            }
        } onCancel: {
            sleepers.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
        }
        try Task.checkCancellation()
    }

    /// Lets all time pass.
    func release() {
        let waiting = sleepers.withLock { sleepers in
            sleepers.isReleased = true
            defer { sleepers.waiting = [:] }
            return sleepers.waiting
        }
        for continuation in waiting.values { continuation.resume() }
    }
}
