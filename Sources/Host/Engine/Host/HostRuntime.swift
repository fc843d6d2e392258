import Basics
import Metrics
import Settings
import State
import SurfaceKit
import Synchronization

/// The host while it runs: surfaces, turns and deliveries, nested so that each ends before what it feeds.
package final class HostRuntime: Sendable {
    /// How long deliveries may take after the turns have ended.
    private static let lastDeliveries = Duration.seconds(3)

    private let system: any System
    private let store: any StateStore
    private let live: LiveSettings
    private let webhooks: WebhookRoutes?
    private let metrics: HostMetrics
    private let log: Log
    private let registry = SurfaceRegistry()
    private let healths = SurfaceHealths()
    private let agent = AgentHealth()
    private let wakes = WakeRequests()
    private let conversations: Conversations
    private let started: ContinuousClock.Instant

    /// - Parameter webhooks: Where messengers can post; `nil` when the manifest gives them no address.
    package init(
        system: any System,
        store: any StateStore,
        settings: HostSettings,
        webhooks: WebhookRoutes?,
        metrics: HostMetrics,
        log: Log
    ) {
        let live = LiveSettings(settings)
        self.system = system
        started = system.instant
        self.store = store
        self.live = live
        self.log = log
        self.webhooks = webhooks
        self.metrics = metrics
        conversations = Conversations(
            desk: ConversationDesk(
                system: system,
                store: store,
                settings: live,
                surfaces: registry,
                contexts: ContextLocks(),
                gate: RunGate(settings: live),
                drain: DrainSignal(),
                wakes: wakes,
                agent: agent,
                layouts: LayoutWorkers(system),
                log: log
            )
        )
    }

    /// Runs until `changes` ends, then drains.
    ///
    /// - Parameter changes: New settings as they come.
    package func run(_ changes: AsyncStream<HostSettings>) async {
        await endCutOffTurns()
        await TaskScope.run(on: system) { [self] deliveries in
            await TaskScope.run(on: system) { [self] turns in
                conversations.open(turns: turns, deliveries: deliveries)
                deliveries.add { [self] in
                    for await conversation in wakes.conversations { conversations.deliver(conversation) }
                }
                await receive(changes)
                await conversations.drain(patience: live.current.drain, turns: turns)
            }
            await finish(deliveries)
        }
        healths.stopAll()
    }

    /// What is known without the store.
    package func glance() -> HostGlance {
        HostGlance(
            version: Version.current,
            uptime: started.duration(to: system.instant),
            agent: agent.state,
            surfaces: live.current.surfaces.map { settings in
                let health =
                    healths[settings.id] ?? SurfaceHealth(settings.isEnabled ? .starting : .disabled, on: system)
                return HostGlance.Surface(settings: settings, health: health.snapshot)
            }
        )
    }

    // MARK: Scopes

    /// Of every surface, also of one that is off: what a dead host had begun holds up nobody.
    private func endCutOffTurns() async {
        for failure in 1... {
            do {
                return try await store.write { [now = system.now] in try $0.endCutOffTurns(on: nil, now: now) }
            } catch {
                log.error("The turns that were cut off cannot be ended", ["reason": Fault(error).reason])
                guard (try? await system.sleep(for: Backoff.delay(attempt: min(failure, 4)))) != nil else { return }
            }
        }
    }

    private func receive(_ changes: AsyncStream<HostSettings>) async {
        let fleet = SurfaceFleet(
            system: system,
            store: store,
            live: live,
            registry: registry,
            conversations: conversations,
            healths: healths,
            webhooks: webhooks,
            metrics: metrics,
            log: log
        )
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                await Janitor(system: system, store: store, live: live, metrics: metrics, log: log).run()
            }
            group.addTask { [self] in
                await ForeignChanges(system: system, store: store, conversations: conversations, log: log).watch()
            }
            group.addTask { [metrics] in await metrics.keepHistory() }
            await fleet.run(changes)
            group.cancelAll()
        }
    }

    /// Gives what is owed a last chance; what remains is stored for the next start.
    private func finish(_ deliveries: TaskScope) async {
        wakes.finish()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [conversations] in await conversations.untilDelivered() }
            group.addTask { [system] in try? await system.sleep(for: Self.lastDeliveries) }
            await group.next()
            deliveries.cancelAll()
            group.cancelAll()
        }
    }
}
