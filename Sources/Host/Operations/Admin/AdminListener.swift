import Basics
import HTTP
import SurfaceKit

/// The read-only listener for operators: health, readiness, status, metrics, and a page.
package struct AdminListener: Sendable {
    private static let paths = "/, /healthz, /readyz, /status, /metrics"

    private let desk: OperatorDesk

    package init(desk: OperatorDesk) { self.desk = desk }

    package func answer(_ request: HTTPServerRequest) async -> HTTPServerResponse {
        guard request.method == "GET" || request.method == "HEAD" else {
            return text("This listener is read-only: GET\n", status: 405, extra: [HTTPHeader("Allow", "GET, HEAD")])
        }
        switch request.path {
        case "/healthz": return text("ok\n")
        case "/readyz": return await readiness(of: request.query.first { $0.name == "surface" }?.value)
        case "/status": return await status { _ in 200 }
        case "/metrics": return await desk.metrics()
        default: return await desk.page(request) ?? text("Not here. Try \(Self.paths)\n", status: 404)
        }
    }

    private func readiness(of surface: String?) async -> HTTPServerResponse {
        await status { report in
            if let surface, !report.surfaces.contains(where: { $0.id.rawValue == surface }) { return 404 }
            return report.isReady(surface) ? 200 : 503
        }
    }

    private func status(_ code: (StatusReport) -> Int) async -> HTTPServerResponse {
        do {
            let report = try await desk.status()
            return HTTPServerResponse(
                status: code(report),
                headers: [HTTPHeader("Content-Type", "application/json"), HTTPHeader("Cache-Control", "no-store")],
                body: .bytes(report.json.encoded + [10])
            )
        } catch {
            return text("The state cannot be read\n", status: 500)
        }
    }

    private func text(_ text: String, status: Int = 200, extra: [HTTPHeader] = []) -> HTTPServerResponse {
        HTTPServerResponse(
            status: status,
            headers: [HTTPHeader("Content-Type", "text/plain; charset=utf-8")] + extra,
            body: .bytes(Array(text.utf8))
        )
    }
}
