import Basics
import Metrics
import Settings
import State
import SurfaceKit

/// Removes what nobody can need any more, so that neither disk nor memory grows with time.
struct Janitor: Sendable {
    let system: any System
    let store: any StateStore
    let live: LiveSettings
    let metrics: HostMetrics
    let log: Log

    private static let interval = Duration.seconds(3600)

    /// Cleans now and then until cancelled.
    func run() async {
        while !Task.isCancelled {
            do {
                try await clean()
            } catch {
                log.warning("Old state cannot be removed", ["reason": Fault(error).reason])
            }
            try? await system.sleep(for: Self.interval)
        }
    }

    func clean() async throws {
        let now = system.now
        try await giveUp(owedBefore: now - DeliveryDecision.patience, now)
        let settings = live.current
        let retention = Retention(ended: settings.retention, staged: settings.attachments.keep)
        var place: ForgettingPlace? = .start
        while let step = place {
            place = try await store.write(.process) { try $0.forget(retention, from: step, now: now) }
        }
        // Turns that end meanwhile are looked at next time.
        for turn in store.files.turns {
            let needed = try await store.read { try $0.neededFiles(of: turn) }
            try store.files.clean(turn, keeping: needed)
        }
    }

    /// What a surface that is switched off owes; one that is on gives up by itself, after an attempt.
    private func giveUp(owedBefore old: Timestamp, _ now: Timestamp) async throws {
        let enabled = Set(live.current.surfaces.filter(\.isEnabled).map(\.id))
        let owing = try await store.read { try $0.surfacesOwed(before: old) }.subtracting(enabled)
        for surface in owing.sorted(by: { $0.rawValue < $1.rawValue }) {
            let posts = try await store.write { try $0.giveUpPosts(on: surface, dueBefore: old, now: now) }
            log.error(
                "Messages were given up: they could not be delivered for a day",
                ["surface": surface, "posts": posts]
            )
            let kind = live.current.surfaces.first { $0.id == surface }?.kind
            if let kind { metrics.surface(surface, kind).operations.add(.givenUp, posts) }
        }
    }
}
