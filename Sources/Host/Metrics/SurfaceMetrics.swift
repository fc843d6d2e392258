import AgentLink
import SurfaceKit

/// What is counted for one surface, from the start of the host on.
final class SurfaceMetrics: Sendable {
    /// How a request to the agent came out.
    enum RequestOutcome: String, CaseIterable, Sendable {
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
    enum DeliveryResult: String, CaseIterable, Sendable {
        case delivered
        /// Not now: it is tried again.
        case retried
        /// The message to edit was gone: a new one is made.
        case renewed
        /// The messenger refused it for good.
        case failed
        /// Tried for too long.
        case givenUp
        /// The credentials no longer work: it waits until a person acts.
        case suspended
    }

    /// How a step of a growing answer came out.
    enum PreviewResult: String, CaseIterable, Sendable {
        case shown, skipped
    }

    /// When counting began.
    let since = Timestamp.now

    let events = Counter()
    let messages = Counter()
    let duplicates = Counter()
    let strangers = Counter()
    let setAside = Counter()
    let turns = CounterSet<TurnRecord.Ending>()
    let requests = CounterSet<RequestOutcome>()
    let operations = CounterSet<DeliveryResult>()
    let previews = CounterSet<PreviewResult>()
    let rateLimits = Counter()
    let rateLimitMilliseconds = Counter()

    let addedLatency = Histogram(bounds: Bounds.own)
    let firstText = Histogram(bounds: Bounds.agent)
    let runs = Histogram(bounds: Bounds.agent)
    let deliveries = Histogram(bounds: Bounds.delivery)

    /// Upper bounds of histograms, in seconds.
    enum Bounds {
        static let own = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
        static let agent = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1800]
        static let delivery = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600]
    }

    /// Counts what a transaction of the inbox did.
    func took(_ tally: IntakeTally, of events: Int) {
        self.events.add(events)
        messages.add(tally.accepted)
        duplicates.add(tally.duplicates)
        strangers.add(tally.strangers)
        setAside.add(tally.setAside)
        for ending in tally.endings { turns.add(ending) }
    }

    /// The messenger objected to the pace and said how long to wait.
    func limited(for wait: Duration) {
        rateLimits.add()
        rateLimitMilliseconds.add(Int(clamping: wait.milliseconds))
    }
}

extension SurfaceMetrics.RequestOutcome {
    init(_ ending: AgentOutcome.Ending) {
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

    init(_ error: AgentError) {
        self =
            switch error {
            case .unreachable: .unreachable
            case .refused: .refused
            case .unknownOutcome: .lost
            case .cancelled: .abandoned
            }
    }
}
