import AgentLink
import Basics
import SurfaceKit
import Synchronization

/// The host while it runs: surfaces, turns and deliveries, nested so that each ends before what it feeds.
final class HostRuntime: Sendable {
    /// What can change while the host runs.
    struct Settings: Sendable {
        var agent: AgentSettings
        var attachments: AttachmentLimits
        var language: Language
        var drain: Duration
        var retention: Duration
        var surfaces: [SurfaceSetup]
    }

    /// How long deliveries may take after the turns have ended.
    private static let lastDeliveries = Duration.seconds(3)

    private let store: Store
    private let files: FileCabinet
    private let log: Log
    private let webhooks: WebhookRoutes?
    private let settings: Mutex<Settings>
    private let registry = SurfaceRegistry()
    private let agentHealth = AgentHealth()
    private let healths = Mutex<[SurfaceID: SurfaceHealth]>([:])
    private let turnsRunning = Mutex<@Sendable () -> Int>({ 0 })
    private let metrics: HostMetrics
    private let started = ContinuousClock.now

    /// - Parameter webhooks: Where messengers can post; `nil` when the manifest gives them no address.
    init(
        store: Store,
        stateDirectory: String,
        settings: Settings,
        webhooks: WebhookRoutes?,
        metrics: HostMetrics,
        log: Log
    ) {
        self.store = store
        files = FileCabinet(directory: "\(stateDirectory)/files")
        self.settings = Mutex(settings)
        self.log = log
        self.webhooks = webhooks
        self.metrics = metrics
    }

    /// Runs until `changes` ends, then drains.
    ///
    /// - Parameter changes: New settings as they come.
    func run(_ changes: AsyncStream<Settings>) async {
        await TaskScope.run { [self] deliveries in
            let outbox = Outbox(store: store, log: log, scope: deliveries) { [registry] in registry[$0] }
            await TaskScope.run { [self] turns in
                let lanes = makeLanes(turns, outbox)
                turnsRunning.withLock { $0 = { lanes.running } }
                await receive(changes, lanes, outbox, deliveries)
                await lanes.drain(patience: settings.withLock { $0.drain })
            }
            await finish(outbox, deliveries)
        }
        for health in healths.withLock({ Array($0.values) }) { health.move(to: .stopped, reason: nil) }
    }

    /// The host’s state now.
    func report() async throws -> StatusReport {
        let (inbox, outbox) = try await store.read { (try $0.waitingTurns(), try $0.duePosts()) }
        let glance = glance()
        return StatusReport(
            version: glance.version,
            uptime: glance.uptime,
            agent: (glance.agent.state.rawValue, glance.agent.reason),
            surfaces: glance.surfaces.map { surface in
                StatusReport.Surface(id: surface.setup.id, kind: surface.setup.kind, health: surface.health)
            },
            inboxWaiting: inbox,
            outboxWaiting: outbox,
            turnsRunning: glance.turnsRunning
        )
    }

    /// What is known without the store.
    func glance() -> HostGlance {
        let healths = healths.withLock { $0 }
        return HostGlance(
            version: Version.current,
            uptime: started.duration(to: .now),
            agent: agentHealth.state,
            surfaces: settings.withLock { $0.surfaces }.map { setup in
                let health = healths[setup.id] ?? SurfaceHealth(setup.enabled ? .starting : .disabled)
                return HostGlance.Surface(setup: setup, health: health.snapshot)
            },
            turnsRunning: turnsRunning.withLock { $0 }()
        )
    }

    // MARK: Scopes

    private func makeLanes(_ scope: TaskScope, _ outbox: Outbox) -> TurnLanes {
        let runner = TurnRunner(
            store: store,
            outbox: outbox,
            files: files,
            health: agentHealth,
            settings: { [self] in settings.withLock { $0.agent } },
            attachments: { [self] in settings.withLock { $0.attachments } }
        )
        return TurnLanes(store: store, log: log, scope: scope, surfaces: registry, runner: runner)
    }

    private func receive(
        _ changes: AsyncStream<Settings>,
        _ lanes: TurnLanes,
        _ outbox: Outbox,
        _ deliveries: TaskScope
    ) async {
        let follower = Follower(lanes: lanes, outbox: outbox, registry: registry, scope: deliveries)
        let fleet = SurfaceFleet(
            store: store,
            registry: registry,
            log: log,
            health: { [self] id, health in healths.withLock { $0[id] = health } },
            language: { [self] in settings.withLock { $0.language } },
            attachments: { [self] in settings.withLock { $0.attachments } },
            follower: follower,
            webhooks: webhooks,
            metrics: metrics
        )
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                await Janitor(store: store, files: files, log: log, givenUp: countGivenUp).run(
                    retention: { self.settings.withLock { $0.retention } },
                    keepFiles: { self.settings.withLock { $0.attachments.keep } }
                )
            }
            group.addTask { [self] in
                await ForeignChanges(store: store, log: log).watch { try await outbox.wakeAll() }
            }
            group.addTask { [metrics] in await metrics.keepHistory() }
            await fleet.run(settings.withLock { $0 }, changes) { [self] new in settings.withLock { $0 = new } }
            group.cancelAll()
        }
    }

    private func countGivenUp(_ posts: Int, on surface: SurfaceID) {
        let kind = settings.withLock { $0.surfaces.first { $0.id == surface }?.kind }
        if let kind { metrics.surface(surface, kind).operations.add(.givenUp, posts) }
    }

    /// Gives what is owed a last chance; what remains is stored for the next start.
    private func finish(_ outbox: Outbox, _ deliveries: TaskScope) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await outbox.untilIdle() }
            group.addTask { try? await Task.sleep(for: Self.lastDeliveries) }
            await group.next()
            deliveries.cancelAll()
            group.cancelAll()
        }
    }
}
