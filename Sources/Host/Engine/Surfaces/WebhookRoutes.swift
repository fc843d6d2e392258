import Basics
import HTTP
import State
import SurfaceKit
import Synchronization

/// The listener that messengers post to: `POST /hooks/{surface id}`.
///
/// It faces the internet: it tells a stranger nothing but that a request is refused.
package final class WebhookRoutes: Sendable {
    private let publicURL: String
    private let routes = Mutex<[SurfaceID: WebhookRoute]>([:])

    /// - Parameter publicURL: The address of the listener as the messengers reach it, without a slash at its end.
    package init(publicURL: String) { self.publicURL = publicURL }

    /// Opens a surface’s route, with the secret that it was given first.
    func open(_ surface: SurfaceID, in store: any StateStore) async throws -> WebhookRoute {
        let secret = try await store.write { try $0.makeWebhookSecret(of: surface) }
        let route = WebhookRoute(url: "\(publicURL)/hooks/\(surface)", secret: Secret(secret))
        routes.withLock { $0[surface] = route }
        return route
    }

    func close(_ surface: SurfaceID) { routes.withLock { $0[surface] = nil } }

    package func answer(_ request: HTTPServerRequest) async -> HTTPServerResponse {
        let parts = request.path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1] == "hooks",
            let route = routes.withLock({ $0[SurfaceID(String(parts[2]))] })
        else { return HTTPServerResponse(status: 404) }
        guard request.method == "POST" else {
            return HTTPServerResponse(status: 405, headers: [HTTPHeader("Allow", "POST")])
        }
        let answer = await route.deliver(request.body) { name in
            request.headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
        return switch answer {
        case .accepted: HTTPServerResponse(status: 200)
        case .unauthorized: HTTPServerResponse(status: 401)
        case .unavailable: HTTPServerResponse(status: 503, headers: [HTTPHeader("Retry-After", "1")])
        }
    }
}
