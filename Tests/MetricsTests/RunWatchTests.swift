import AgentLink
import Basics
import Metrics
import Testing

@Suite("Run watch")
struct RunWatchTests {
    private let metrics = SurfaceMetrics(since: .now)

    @Test func `times an answer from the request on`() {
        let watch = RunWatch(metrics, on: OperatingSystem(), readySince: .now - .milliseconds(40))

        watch.sent()
        watch.firstText()
        watch.ended(.finished)

        #expect(metrics.addedLatency.snapshot.sum >= 0.04)
        #expect(metrics.firstText.snapshot.count == 1)
        #expect(metrics.runs.snapshot.count == 1)
        #expect(metrics.requests[.finished] == 1)
    }

    @Test func `adds no latency for a repeated attempt, and no request for none`() {
        let again = RunWatch(metrics, on: OperatingSystem(), readySince: nil)
        again.sent()
        again.ended(AgentError.unreachable(retryAfter: nil, reason: "503"))
        RunWatch(metrics, on: OperatingSystem(), readySince: .now).ended(AgentError.cancelled)

        #expect(metrics.addedLatency.snapshot.count == 0)
        #expect(metrics.requests[.unreachable] == 1)
        #expect(metrics.requests[.abandoned] == 0)
        #expect(metrics.runs.snapshot.count == 0)
    }
}
