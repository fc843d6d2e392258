import AgentLink
import Basics
import State
import SurfaceKit

/// What is counted for one surface, from the start of the host on.
package final class SurfaceMetrics: Sendable {
    /// How a request to the agent came out.
    package enum RequestOutcome: String, CaseIterable, Sendable {
        case finished, waitsForConfirmation, cancelled, failed, truncated, timedOut, tooLarge
        /// Nothing was accepted: it may be asked again.
        case unreachable
        case refused
        /// Sent, and no answer came.
        case lost
        /// The host hung up: the answer was stopped, or the host ends.
        case abandoned
    }

    /// How an operation that is owed came out.
    package enum DeliveryResult: String, CaseIterable, Sendable {
        case delivered
        /// Not now: it is tried again.
        case retried
        /// The message to edit was gone: a new one is made.
        case renewed
        /// The messenger refused it as it was: it is put more simply.
        case simplified
        /// The messenger refused it for good.
        case failed
        /// Tried for too long.
        case givenUp
        /// The credentials no longer work: it waits until a person acts.
        case suspended
    }

    /// How a step of a growing answer came out.
    package enum PreviewResult: String, CaseIterable, Sendable {
        case shown, skipped
    }

    /// When counting began.
    package let since: Timestamp

    package init(since: Timestamp) { self.since = since }

    package let events = Counter()
    package let messages = Counter()
    package let duplicates = Counter()
    package let strangers = Counter()
    package let setAside = Counter()
    package let turns = TurnCounters()
    package let requests = CounterSet<RequestOutcome>()
    package let operations = CounterSet<DeliveryResult>()
    package let previews = CounterSet<PreviewResult>()
    package let rateLimits = Counter()
    package let rateLimitMilliseconds = Counter()

    package let addedLatency = Histogram(bounds: Bounds.own)
    package let firstText = Histogram(bounds: Bounds.agent)
    package let runs = Histogram(bounds: Bounds.agent)
    package let deliveries = Histogram(bounds: Bounds.delivery)

    /// Upper bounds of histograms, in seconds.
    package enum Bounds {
        package static let own = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
        package static let agent = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1800]
        package static let delivery = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600]
    }

    /// Counts what a transaction of the inbox did, beside the messages that it accepted.
    ///
    /// Those are counted before they can be seen to wait, so that no reader finds more of them waiting than accepted.
    package func took(_ tally: IntakeTally, of events: Int) {
        self.events.add(events)
        duplicates.add(tally.duplicates)
        strangers.add(tally.strangers)
        setAside.add(tally.setAside)
        for ending in tally.endings { turns.count(ending) }
    }

    /// The messenger objected to the pace and said how long to wait.
    package func limited(for wait: Duration) {
        rateLimits.add()
        rateLimitMilliseconds.add(Int(clamping: wait.milliseconds))
    }
}

extension SurfaceMetrics.RequestOutcome {
    package init(_ ending: AgentOutcome.Ending) {
        self =
            switch ending {
            case .finished: .finished
            case .waitsForConfirmation: .waitsForConfirmation
            case .cancelled: .cancelled
            case .failed: .failed
            case .truncated: .truncated
            case .timedOut: .timedOut
            case .tooLarge: .tooLarge
            }
    }

    package init(_ error: AgentError) {
        self =
            switch error {
            case .unreachable: .unreachable
            case .refused: .refused
            case .unknownOutcome: .lost
            case .timedOut: .timedOut
            case .cancelled: .abandoned
            }
    }
}
