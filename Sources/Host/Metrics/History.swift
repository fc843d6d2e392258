import Basics
import State
import SurfaceKit
import Synchronization

/// What happened in each of the last minutes, and in the one that runs.
package final class History: Sendable {
    package static let interval = Duration.seconds(60)
    /// Minutes that are kept.
    package static let length = 60

    private struct State {
        /// At the end of the last whole minute.
        var totals = Totals()
        var at: Timestamp
        var minutes: [Minute] = []
    }

    private let state: Mutex<State>

    package init(since now: Timestamp) { state = Mutex(State(at: now)) }

    /// Counts from here on.
    package func begin(with totals: Totals, at now: Timestamp) {
        state.withLock { state in
            state.totals = totals
            state.at = now
        }
    }

    package func endMinute(with totals: Totals, at now: Timestamp) {
        state.withLock { state in
            state.minutes.append(Minute(from: state.totals, at: state.at, to: totals, at: now))
            state.minutes.removeFirst(max(0, state.minutes.count - Self.length))
            state.totals = totals
            state.at = now
        }
    }

    /// The whole minutes, oldest first, then the running one.
    package func minutes(until totals: Totals, at now: Timestamp) -> [Minute] {
        state.withLock { state in
            state.minutes + [Minute(from: state.totals, at: state.at, to: totals, at: now)]
        }
    }
}

extension History {
    /// All that was counted until one moment.
    package struct Totals: Hashable, Sendable {
        package var messages: [SurfaceID: Int] = [:]
        package var answered = 0
        /// Questions that ended in a notice.
        package var unanswered = 0
        package var addedLatency = Histogram.Snapshot(bounds: SurfaceMetrics.Bounds.own)
        package var firstText = Histogram.Snapshot(bounds: SurfaceMetrics.Bounds.agent)
        package var deliveries = Histogram.Snapshot(bounds: SurfaceMetrics.Bounds.delivery)

        package mutating func add(_ metrics: SurfaceMetrics, of surface: SurfaceID) {
            messages[surface, default: 0] += metrics.messages.value
            for (ending, count) in metrics.turns.snapshot.values {
                switch ending {
                case .answered, .waitsForConfirmation: answered += count
                case .stopped, .withdrawn, .gone: break
                case .empty, .agentCancelled, .failed, .truncated, .timedOut, .tooLarge, .unreachable, .refused,
                    .filesUnavailable, .cut:
                    unanswered += count
                }
            }
            addedLatency = addedLatency + metrics.addedLatency.snapshot
            firstText = firstText + metrics.firstText.snapshot
            deliveries = deliveries + metrics.deliveries.snapshot
        }
    }

    /// What happened between two moments.
    package struct Minute: Hashable, Sendable {
        package let end: Timestamp
        package let length: Duration
        package let messages: [SurfaceID: Int]
        package let answered: Int
        package let unanswered: Int
        package let addedLatency: Histogram.Snapshot
        package let firstText: Histogram.Snapshot
        package let deliveries: Histogram.Snapshot

        package init(from earlier: Totals, at begin: Timestamp, to later: Totals, at end: Timestamp) {
            self.end = end
            length = end.duration(since: begin)
            messages = later.messages.reduce(into: [:]) { result, entry in
                let count = entry.value - (earlier.messages[entry.key] ?? 0)
                if count > 0 { result[entry.key] = count }
            }
            answered = later.answered - earlier.answered
            unanswered = later.unanswered - earlier.unanswered
            addedLatency = later.addedLatency - earlier.addedLatency
            firstText = later.firstText - earlier.firstText
            deliveries = later.deliveries - earlier.deliveries
        }
    }
}
