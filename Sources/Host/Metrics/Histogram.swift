import Synchronization

/// How long things took: how many were within each of a few bounds, and all of them together.
package final class Histogram: Sendable {
    /// What was observed until one moment, or between two.
    package struct Snapshot: Hashable, Sendable {
        /// Upper bounds in seconds, rising.
        package let bounds: [Double]
        /// Observations within each bound and above the one before; the last is above all.
        package var counts: [Int]
        /// Seconds in all.
        package var sum: Double

        package init(bounds: [Double]) {
            self.bounds = bounds
            counts = Array(repeating: 0, count: bounds.count + 1)
            sum = 0
        }

        package var count: Int { counts.reduce(0, +) }
    }

    private let state: Mutex<Snapshot>

    /// - Parameter bounds: In seconds, rising.
    package init(bounds: [Double]) { state = Mutex(Snapshot(bounds: bounds)) }

    package var snapshot: Snapshot { state.withLock { $0 } }

    package func observe(_ duration: Duration) {
        let seconds = max(0, duration / .seconds(1))
        state.withLock { state in
            state.counts[state.bounds.firstIndex { seconds <= $0 } ?? state.bounds.count] += 1
            state.sum += seconds
        }
    }
}

extension Histogram.Snapshot {
    /// Both together; they must have the same bounds.
    package static func + (left: Self, right: Self) -> Self { left.combined(with: right, +, +) }

    /// What was observed since `earlier`.
    package static func - (later: Self, earlier: Self) -> Self { later.combined(with: earlier, -, -) }

    private func combined(
        with other: Self,
        _ integers: (Int, Int) -> Int,
        _ numbers: (Double, Double) -> Double
    ) -> Self {
        var result = self
        result.counts = zip(counts, other.counts).map(integers)
        result.sum = numbers(sum, other.sum)
        return result
    }

    /// Seconds within which `share` (0 to 1) of the observations were, supposing them evenly spread within a bound;
    /// `nil` when there are none, the last bound when it is above all.
    package func quantile(_ share: Double) -> Double? {
        let rank = share * Double(count)
        guard count > 0, let last = bounds.last else { return nil }
        var below = 0.0
        var lower = 0.0
        for (bound, count) in zip(bounds, counts) {
            if count > 0, below + Double(count) >= rank {
                return lower + (bound - lower) * max(0, rank - below) / Double(count)
            }
            below += Double(count)
            lower = bound
        }
        return last
    }
}
