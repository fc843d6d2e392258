import Basics
import HTTP
import SurfaceKit

/// What the admin listener has for graphs and for a person: `/metrics`, and the page at `/` with what it shows.
struct OperatorDesk: Sendable {
    private static let overviewPath = "/overview.json"

    private let store: Store
    private let counted: HostMetrics
    private let guardsNames: Bool
    private let glance: @Sendable () -> HostGlance
    private let pages = WebFiles(folder: "operator")

    /// - Parameters:
    ///   - address: Where the listener was told to listen.
    ///   - glance: Looks at the host.
    init(
        store: Store,
        metrics: HostMetrics,
        address: SocketAddress,
        glance: @escaping @Sendable () -> HostGlance
    ) {
        self.store = store
        counted = metrics
        guardsNames = address.isLoopback
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

    /// `nil` when the page has no such part.
    func page(_ request: HTTPServerRequest) async -> HTTPServerResponse? {
        guard request.path == Self.overviewPath else { return pages.response(to: request) }
        // It names people: a web site that points its own name at this machine must not read it.
        if guardsNames, let refusal = LocalName.refusal(of: request) { return refusal }
        let overview = OperatorOverview(glance: glance(), metrics: counted, queues: await queues(), now: .now)
        return HTTPServerResponse(
            status: 200,
            headers: [
                HTTPHeader("Content-Type", "application/json"), HTTPHeader("Cache-Control", "no-store"),
                HTTPHeader("X-Content-Type-Options", "nosniff"),
                HTTPHeader("Cross-Origin-Resource-Policy", "same-origin"),
            ],
            body: .bytes(overview.json.encoded)
        )
    }

    /// A page that shows what else there is says more than none.
    private func queues() async -> Queues? { try? await store.read { try $0.queues(now: .now) } }
}
