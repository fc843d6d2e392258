import Basics
import Engine
import HTTP
import Metrics
import Settings
import State
import SurfaceKit

/// What the admin listener has for graphs and for a person: `/metrics`, and the page at `/` with what it shows.
package struct OperatorDesk: Sendable {
    private static let overviewPath = "/overview.json"

    private let system: any System
    private let store: any StateStore
    private let counted: HostMetrics
    private let guardsNames: Bool
    private let runtime: HostRuntime
    private let pages = WebFiles(folder: "operator")

    /// - Parameter address: Where the listener was told to listen.
    package init(
        system: any System,
        store: any StateStore,
        metrics: HostMetrics,
        address: SocketAddress,
        runtime: HostRuntime
    ) {
        self.system = system
        self.store = store
        counted = metrics
        guardsNames = address.isLoopback
        self.runtime = runtime
    }

    /// The host’s state now.
    func status() async throws -> StatusReport {
        // Before what waits: a turn that goes to the agent meanwhile is counted once at most.
        let running = counted.turnsRunning
        let (inbox, outbox) = try await store.read { (try $0.waitingTurns(), try $0.postsOwed()) }
        let glance = runtime.glance()
        return StatusReport(
            version: glance.version,
            uptime: glance.uptime,
            agent: (glance.agent.state.rawValue, glance.agent.reason),
            surfaces: glance.surfaces.map { surface in
                StatusReport.Surface(id: surface.settings.id, kind: surface.settings.kind, health: surface.health)
            },
            inboxWaiting: inbox,
            outboxWaiting: outbox,
            turnsRunning: running
        )
    }

    package func metrics() async -> HTTPServerResponse {
        let turns = counted.turns
        let report = MetricsReport(
            glance: runtime.glance(),
            metrics: counted,
            turns: turns,
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
    package func page(_ request: HTTPServerRequest) async -> HTTPServerResponse? {
        guard request.path == Self.overviewPath else { return pages.response(to: request) }
        // It names people: a web site that points its own name at this machine must not read it.
        if guardsNames, let refusal = LocalName.refusal(of: request) { return refusal }
        let overview = OperatorOverview(
            glance: runtime.glance(),
            metrics: counted,
            queues: await queues(),
            now: system.now
        )
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
    private func queues() async -> Queues? { try? await store.read { try $0.queues(now: system.now) } }
}
