import SurfaceKit
import Synchronization

/// The route behind a listener, which is known only once the listener has its port.
final class RouteHolder: Sendable {
    private let held = Mutex<WebhookRoute?>(nil)

    var route: WebhookRoute? { held.withLock { $0 } }

    func hold(_ route: WebhookRoute) { held.withLock { $0 = route } }
}
