import Basics

/// Where answers are laid out: it takes long without waiting, and would hold up the cooperative pool.
final class LayoutWorkers: Sendable {
    /// For texts of ordinary length.
    private let ordinary: (any Worker)?
    /// For long ones, so that nothing ordinary waits behind them.
    private let long: (any Worker)?

    init(_ system: any System) {
        ordinary = system.makeWorker()
        long = system.makeWorker()
    }

    deinit {
        ordinary?.end()
        long?.end()
    }

    /// Does `work` after what was asked before; at once where the system gave no thread.
    func run<Result: Sendable>(isLong: Bool, _ work: @escaping @Sendable () -> Result) async -> Result {
        guard let worker = isLong ? long : ordinary else { return work() }
        return await withCheckedContinuation { continuation in
            worker.run { continuation.resume(returning: work()) }
        }
    }
}
