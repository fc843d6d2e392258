import Basics
import Metrics
import Settings
import State
import SurfaceKit
import Synchronization

/// The surfaces that run: started, stopped and restarted as the settings say, each without touching the others.
struct SurfaceFleet: Sendable {
    let system: any System
    let store: any StateStore
    let live: LiveSettings
    let registry: SurfaceRegistry
    let conversations: Conversations
    let healths: SurfaceHealths
    /// Where messengers can post; `nil` when the manifest gives them no address.
    let webhooks: WebhookRoutes?
    let metrics: HostMetrics
    let log: Log

    /// A surface that was started, and the way to stop it.
    private final class Running: Sendable {
        let settings: SurfaceSettings
        let stop = Wakeup()
        let ended = Wakeup()
        private let isLast = Mutex(false)

        init(_ settings: SurfaceSettings) { self.settings = settings }

        /// Whether the whole host stops: turns and deliveries still need the surface.
        var hostStops: Bool { isLast.withLock { $0 } }

        func stopForGood() {
            isLast.withLock { $0 = true }
            stop.signal()
        }
    }

    /// Runs the surfaces until `changes` ends, then stops them.
    func run(_ changes: AsyncStream<HostSettings>) async {
        await TaskScope.run(on: system) { scope in
            var running: [SurfaceID: Running] = [:]
            await adopt(live.current, &running, scope)
            for await new in changes {
                live.adopt(new)
                await adopt(new, &running, scope)
            }
            for (_, surface) in running.sorted(by: { $0.key.rawValue < $1.key.rawValue }) { surface.stopForGood() }
        }
    }

    private func adopt(_ new: HostSettings, _ running: inout [SurfaceID: Running], _ scope: TaskScope) async {
        let wanted = Dictionary(new.surfaces.map { ($0.id, $0) }) { first, _ in first }
        for (id, surface) in running.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            if let settings = wanted[id], settings.isEnabled, settings.fingerprint == surface.settings.fingerprint {
                continue
            }
            log.info("Surface stopping", ["surface": id])
            surface.stop.signal()
            // Two pollers of one account disturb each other: the old one ends first.
            await surface.ended.wait()
            running[id] = nil
        }
        for settings in new.surfaces {
            if !settings.isEnabled {
                healths.set(SurfaceHealth(.disabled, on: system), of: settings.id)
            } else if running[settings.id] == nil {
                running[settings.id] = start(settings, scope)
            }
        }
    }

    private func start(_ settings: SurfaceSettings, _ scope: TaskScope) -> Running {
        let running = Running(settings)
        scope.add {
            let health = SurfaceHealth(.starting, on: system)
            healths.set(health, of: settings.id)
            let log = log.with(["surface": settings.id, "kind": settings.kind])
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await follow(health, log) }
                await withTaskGroup(of: Void.self) { race in
                    race.addTask { await operate(settings, health, log) }
                    race.addTask { await running.stop.wait() }
                    await race.next()
                    race.cancelAll()
                }
                group.cancelAll()
            }
            webhooks?.close(settings.id)
            if !running.hostStops {
                registry.remove(settings.id)
                await conversations.surfaceStopped(settings.id)
            }
            running.ended.signal()
        }
        return running
    }

    private func operate(_ settings: SurfaceSettings, _ health: SurfaceHealth, _ log: Log) async {
        let webhook = await openWebhook(for: settings, health)
        let start = SurfaceStart(
            system: system,
            settings: settings,
            live: live,
            store: store,
            log: log,
            metrics: metrics.surface(settings.id, settings.kind)
        )
        let runtime = start.runtime(health: health, webhook: webhook)
        await tellOfCutOffTurns(runtime)
        registry.add(runtime)
        await wake(log)
        let inbox = DurableInbox(
            system: system,
            rules: runtime.rules,
            store: store,
            health: health,
            log: log,
            conversations: conversations,
            metrics: runtime.metrics
        )
        await SurfaceSupervisor(runtime: runtime, store: store, inbox: inbox).run()
    }

    /// Tells of each change of state; what was owed while the surface was away can be delivered and asked again.
    private func follow(_ health: SurfaceHealth, _ log: Log) async {
        for await snapshot in health.changes {
            let named = log.with(["state": snapshot.state.rawValue])
            let told = snapshot.reason.map { named.with(["reason": $0]) } ?? named
            switch snapshot.state {
            case .needsAttention: told.error("Surface needs attention")
            case .retrying: told.warning("Surface lost its connection")
            default: told.info("Surface changed its state")
            }
            if snapshot.state == .receiving { await wake(log) }
        }
    }

    private func wake(_ log: Log) async {
        do {
            try await conversations.wakeAll()
        } catch {
            log.warning("What waits cannot be read", ["reason": Fault(error).reason])
        }
    }

    private func openWebhook(for settings: SurfaceSettings, _ health: SurfaceHealth) async -> WebhookRoute? {
        guard settings.connection.needsWebhook, let webhooks else { return nil }
        return await persistently(health) { try await webhooks.open(settings.id, in: store) }
    }

    private func tellOfCutOffTurns(_ runtime: SurfaceRuntime) async {
        let turns =
            await persistently(runtime.health) { try await Recovery(store: store, runtime: runtime).tell() } ?? 0
        for _ in 0..<turns { runtime.metrics.turns.count(.cut) }
        if turns > 0 { runtime.log.warning("Answers were cut off when the host ended", ["turns": turns]) }
    }

    /// Does what a surface cannot start without, again until it succeeds; `nil` when cancelled.
    private func persistently<Result>(_ health: SurfaceHealth, _ body: () async throws -> Result) async -> Result? {
        while !Task.isCancelled {
            do {
                return try await body()
            } catch {
                health.move(to: .retrying, reason: "the state cannot be written: \(Fault(error).reason)")
                try? await system.sleep(for: .seconds(1))
            }
        }
        return nil
    }
}
