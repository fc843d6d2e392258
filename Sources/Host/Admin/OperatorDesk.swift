import Basics
import HTTP
import SurfaceKit

/// What the admin listener has for graphs: `/metrics`.
struct OperatorDesk: Sendable {
    private let store: Store
    private let counted: HostMetrics
    private let glance: @Sendable () -> HostGlance

    /// - Parameter glance: Looks at the host.
    init(
        store: Store,
        metrics: HostMetrics,
        glance: @escaping @Sendable () -> HostGlance
    ) {
        self.store = store
        counted = metrics
        self.glance = glance
    }

    func metrics() async -> HTTPServerResponse {
        let report = MetricsReport(
            glance: glance(),
            metrics: counted,
            queues: await queues(),
            usage: ProcessUsage.now()
        )
        return HTTPServerResponse(
            status: 200,
            headers: [HTTPHeader("Content-Type", Exposition.contentType), HTTPHeader("Cache-Control", "no-store")],
            body: .bytes(Array(report.text.utf8))
        )
    }

    /// What else there is says more than nothing.
    private func queues() async -> Queues? { try? await store.read { try $0.queues(now: .now) } }
}
