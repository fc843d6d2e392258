import Basics

/// A system whose time passes only when nothing else is left to do, on one thread, in an order that a seed gives.
///
/// Every task of the core runs on it: what is ready is taken in any order, as threads would.
final class VirtualSystem: System, TaskExecutor, @unchecked Sendable {
    // Everything is touched by the one thread that calls `run`.
    private var ready: [Work] = []
    private var timers = TimerQueue()
    private var sleepers: [Int: CheckedContinuation<Void, Never>] = [:]
    private var nextSleeper = 0
    private var order: Chance
    private var bits: Chance
    private let origin = ContinuousClock.now
    /// Since the beginning.
    private(set) var elapsed = Duration.zero
    /// How far the calendar has been set.
    var calendarShift = Duration.zero
    private(set) var steps = 0
    /// Tasks that wait for a time.
    var sleeping: Int { sleepers.count }

    private enum Work {
        case job(UnownedJob)
        case closure(@Sendable () -> Void)
    }

    private static let beginning: Int64 = 1_800_000_000_000

    init(seed: UInt64) {
        order = Chance(seed: seed, for: "order")
        bits = Chance(seed: seed, for: "bits")
    }

    // MARK: System

    var now: Timestamp { Timestamp(milliseconds: Self.beginning + (elapsed + calendarShift).milliseconds) }
    var instant: ContinuousClock.Instant { origin + elapsed }
    var executor: (any TaskExecutor)? { self }

    func randomBits() -> UInt64 { bits.next() }

    func makeWorker() -> (any Worker)? { VirtualWorker(self) }

    func sleep(until deadline: ContinuousClock.Instant) async throws {
        nextSleeper += 1
        let number = nextSleeper
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard !Task.isCancelled else { return continuation.resume() }
                sleepers[number] = continuation
                at(max(elapsed, origin.duration(to: deadline))) { [self] in
                    sleepers.removeValue(forKey: number)?.resume()
                }
            }
        } onCancel: {
            sleepers.removeValue(forKey: number)?.resume()
        }
        try Task.checkCancellation()
    }

    // MARK: Executor

    func enqueue(_ job: consuming ExecutorJob) { ready.append(.job(UnownedJob(job))) }

    /// Does `closure` soon, at the present time.
    func soon(_ closure: @escaping @Sendable () -> Void) { ready.append(.closure(closure)) }

    /// Does `action` at a time since the beginning.
    func at(_ time: Duration, _ action: @escaping @Sendable () -> Void) { timers.add(at: time, action) }

    func after(_ delay: Duration, _ action: @escaping @Sendable () -> Void) { at(elapsed + delay, action) }

    /// Lets things happen until `isDone`.
    ///
    /// - Returns: False when nothing is left that could make it so, or more than `limit` steps were made.
    func run(limit: Int, until isDone: () -> Bool) -> Bool {
        let last = steps + limit
        while !isDone() {
            guard steps < last else { return false }
            steps += 1
            if ready.isEmpty {
                guard let timer = timers.popFirst() else { return false }
                elapsed = max(elapsed, timer.at)
                timer.action()
            } else {
                take()
            }
        }
        return true
    }

    private func take() {
        let index = ready.count == 1 ? 0 : order.int(0...(ready.count - 1))
        switch ready.remove(at: index) {
        case .job(let job): job.runSynchronously(on: asUnownedTaskExecutor())
        case .closure(let closure): closure()
        }
    }
}

/// Work in its order, between everything else.
private final class VirtualWorker: Worker, @unchecked Sendable {
    private unowned let system: VirtualSystem
    private var waiting: [@Sendable () -> Void] = []

    init(_ system: VirtualSystem) { self.system = system }

    func run(_ work: @escaping @Sendable () -> Void) {
        waiting.append(work)
        system.soon { self.waiting.removeFirst()() }
    }

    func end() {}
}
