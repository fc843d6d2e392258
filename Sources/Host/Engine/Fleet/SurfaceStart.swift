import Basics
import Metrics
import Settings
import State
import SurfaceKit

/// Makes a surface run as its settings say.
struct SurfaceStart: Sendable {
    let system: any System
    let settings: SurfaceSettings
    let live: LiveSettings
    let store: any StateStore
    let log: Log
    let metrics: SurfaceMetrics

    func runtime(health: SurfaceHealth, webhook: WebhookRoute?) -> SurfaceRuntime {
        let surface = settings.surface(
            in: SurfaceContext(
                id: settings.id,
                log: log,
                system: system,
                state: StoredSurfaceState(surface: settings.id, store: store),
                access: access,
                proxy: settings.proxy,
                webhook: webhook
            )
        )
        let interval: Duration?
        var wish: Duration?
        switch settings.streaming {
        case .off: interval = nil
        case .auto(let given):
            interval = given ?? surface.capabilities.editInterval
            wish = given
        }
        return SurfaceRuntime(
            id: settings.id,
            kind: settings.kind,
            system: system,
            surface: surface,
            rules: IntakeRules(
                surface: settings.id,
                prefix: surface.capabilities.commandPrefix,
                text: surface.capabilities.text,
                respond: settings.respond,
                access: settings.access,
                live: live
            ),
            health: health,
            budget: RateBudget(limits: surface.capabilities.rateLimits, wishes: wish != nil),
            editInterval: interval,
            editWish: wish,
            log: log,
            metrics: metrics
        )
    }

    private var access: SurfaceAccess {
        let stay = settings.access.policy == .pairing ? PairingRecord.lasts : nil
        let (plan, surface) = (settings.access, settings.id)
        return SurfaceAccess(respond: settings.respond, strangersStay: stay) { [store] person in
            // A state that cannot be read lets nobody in.
            (try? await store.read { try plan.admits(person, on: surface, $0) }) ?? false
        }
    }
}
