import AgentLink
import Basics
import SurfaceKit
import Synchronization

/// Times one request to the agent.
package final class RunWatch: Sendable {
    private let metrics: SurfaceMetrics
    private let system: any System
    private let readySince: Timestamp?
    private let sentAt = Mutex<ContinuousClock.Instant?>(nil)

    /// - Parameter readySince: From when on only the host stood between the question and the agent; `nil` for an attempt
    ///   that is not the first.
    package init(_ metrics: SurfaceMetrics, on system: any System, readySince: Timestamp?) {
        self.metrics = metrics
        self.system = system
        self.readySince = readySince
    }

    /// The request goes out now.
    package func sent() {
        sentAt.withLock { $0 = system.instant }
        if let readySince { metrics.addedLatency.observe(system.now.duration(since: readySince)) }
    }

    package func firstText() {
        if let sentAt = sentAt.withLock({ $0 }) { metrics.firstText.observe(sentAt.duration(to: system.instant)) }
    }

    package func ended(_ ending: AgentOutcome.Ending) {
        if let sentAt = sentAt.withLock({ $0 }) { metrics.runs.observe(sentAt.duration(to: system.instant)) }
        metrics.requests.add(SurfaceMetrics.RequestOutcome(ending))
    }

    package func ended(_ error: AgentError) {
        let sentAt = sentAt.withLock { $0 }
        // What was not asked is no request.
        guard error != .cancelled || sentAt != nil else { return }
        if let sentAt, error == .cancelled { metrics.runs.observe(sentAt.duration(to: system.instant)) }
        metrics.requests.add(SurfaceMetrics.RequestOutcome(error))
    }
}
