import Basics
import SurfaceKit
import Synchronization

/// The surfaces that run: started, stopped and restarted as the settings say, each without touching the others.
struct SurfaceFleet: Sendable {
    let store: Store
    let registry: SurfaceRegistry
    let log: Log
    let health: @Sendable (SurfaceID, SurfaceHealth) -> Void
    /// Of the newest settings.
    let language: @Sendable () -> Language
    let attachments: @Sendable () -> AttachmentLimits
    let follower: Follower
    /// Where messengers can post; `nil` when the manifest gives them no address.
    let webhooks: WebhookRoutes?
    let metrics: HostMetrics

    /// A surface that was started, and the way to stop it.
    private final class Running: Sendable {
        let setup: SurfaceSetup
        let stop = Wakeup()
        let ended = Wakeup()
        private let isLast = Mutex(false)

        init(_ setup: SurfaceSetup) { self.setup = setup }

        /// Whether the whole host stops: turns and deliveries still need the surface.
        var hostStops: Bool { isLast.withLock { $0 } }

        func stopForGood() {
            isLast.withLock { $0 = true }
            stop.signal()
        }
    }

    /// Runs the surfaces until `changes` ends, then stops them.
    func run(
        _ settings: HostRuntime.Settings,
        _ changes: AsyncStream<HostRuntime.Settings>,
        apply: @escaping @Sendable (HostRuntime.Settings) -> Void
    ) async {
        await TaskScope.run { scope in
            var running: [SurfaceID: Running] = [:]
            await adopt(settings, &running, scope)
            for await new in changes {
                apply(new)
                await adopt(new, &running, scope)
            }
            for surface in running.values { surface.stopForGood() }
        }
    }

    private func adopt(
        _ settings: HostRuntime.Settings,
        _ running: inout [SurfaceID: Running],
        _ scope: TaskScope
    ) async {
        let wanted = Dictionary(settings.surfaces.map { ($0.id, $0) }) { first, _ in first }
        for (id, surface) in running {
            if let setup = wanted[id], setup.enabled, setup.fingerprint == surface.setup.fingerprint { continue }
            log.info("Stopping a surface", ["surface": id])
            surface.stop.signal()
            // Two pollers of one account disturb each other: the old one ends first.
            await surface.ended.wait()
            running[id] = nil
        }
        for setup in settings.surfaces {
            if !setup.enabled {
                health(setup.id, SurfaceHealth(.disabled))
            } else if running[setup.id] == nil {
                running[setup.id] = start(setup, scope)
            }
        }
    }

    private func start(_ setup: SurfaceSetup, _ scope: TaskScope) -> Running {
        let running = Running(setup)
        scope.add {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await operate(setup) }
                group.addTask { await running.stop.wait() }
                await group.next()
                group.cancelAll()
            }
            webhooks?.close(setup.id)
            if !running.hostStops {
                registry.remove(setup.id)
                await follower.surfaceStopped(setup.id, store)
            }
            running.ended.signal()
        }
        return running
    }

    private func operate(_ setup: SurfaceSetup) async {
        let log = log.with(["surface": setup.id, "kind": setup.kind])
        let health = SurfaceHealth(.starting) { snapshot in
            SurfaceFleet.tell(snapshot, log)
            if snapshot.state == .receiving { follower.surfaceReceives(setup.id, store) }
        }
        self.health(setup.id, health)
        let context = SurfaceContext(
            id: setup.id,
            log: log,
            clock: ContinuousClock(),
            state: StoredSurfaceState(surface: setup.id, store: store),
            access: access(setup),
            proxy: setup.proxy,
            webhook: await openWebhook(for: setup, health)
        )
        let runtime = runtime(setup, setup.make(context), health, log)
        await settleCutOffTurns(of: runtime)
        registry.add(runtime)
        follower.surfaceReceives(setup.id, store)
        let inbox = DurableInbox(
            rules: runtime.rules,
            store: store,
            health: health,
            log: log,
            follow: follower.follow,
            metrics: runtime.metrics
        )
        await SurfaceSupervisor(runtime: runtime, store: store, inbox: inbox).run()
    }

    private func access(_ setup: SurfaceSetup) -> SurfaceAccess {
        let stay = setup.access.policy == .pairing ? PairingRecord.lasts : nil
        return SurfaceAccess(respond: setup.respond, strangersStay: stay) { [store] person in
            // A state that cannot be read lets nobody in.
            (try? await store.read { try setup.access.admits(person, on: setup.id, $0) }) ?? false
        }
    }

    private func openWebhook(for setup: SurfaceSetup, _ health: SurfaceHealth) async -> WebhookRoute? {
        guard setup.needsWebhook, let webhooks else { return nil }
        return await persistently(health) { try await webhooks.open(setup.id, in: store) }
    }

    private func settleCutOffTurns(of runtime: SurfaceRuntime) async {
        let turns = await persistently(runtime.health) { try await Recovery.settle(runtime, in: store) } ?? 0
        runtime.metrics.turns.add(.cut, turns)
        if turns > 0 { runtime.log.warning("Answers were cut off when the host ended", ["turns": turns]) }
    }

    /// Does what a surface cannot start without, again until it succeeds; `nil` when cancelled.
    private func persistently<Result>(_ health: SurfaceHealth, _ body: () async throws -> Result) async -> Result? {
        while !Task.isCancelled {
            do {
                return try await body()
            } catch {
                health.move(to: .retrying, reason: "the state cannot be written: \(error)")
                try? await Task.sleep(for: .seconds(1))
            }
        }
        return nil
    }

    private func runtime(
        _ setup: SurfaceSetup,
        _ surface: any Surface,
        _ health: SurfaceHealth,
        _ log: Log
    ) -> SurfaceRuntime {
        let interval: Duration?
        var wish: Duration?
        switch setup.streaming {
        case .off: interval = nil
        case .auto(let given):
            interval = given ?? surface.capabilities.editInterval
            wish = given
        }
        return SurfaceRuntime(
            id: setup.id,
            kind: setup.kind,
            surface: surface,
            rules: IntakeRules(
                surface: setup.id,
                prefix: surface.capabilities.commandPrefix,
                respond: setup.respond,
                language: language(),
                attachments: attachments(),
                access: setup.access
            ),
            health: health,
            budget: RateBudget(limits: surface.capabilities.rateLimits, wishes: wish != nil),
            editInterval: interval,
            editWish: wish,
            log: log,
            metrics: metrics.surface(setup.id, setup.kind)
        )
    }

    private static func tell(_ snapshot: SurfaceHealth.Snapshot, _ log: Log) {
        let fields: Log.Fields = ["state": snapshot.state.rawValue, "reason": snapshot.reason ?? "-"]
        switch snapshot.state {
        case .needsAttention: log.error("Surface needs attention", fields)
        case .retrying: log.warning("Surface lost its connection", fields)
        default: log.info("Surface changed its state", fields)
        }
    }
}
