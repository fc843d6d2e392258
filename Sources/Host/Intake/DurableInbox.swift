import Basics
import SurfaceKit

/// Stores what a surface received, in one transaction with its checkpoint, and sets going what follows from it.
struct DurableInbox: Inbox {
    let rules: IntakeRules
    let store: Store
    let health: SurfaceHealth
    let log: Log
    /// Called after the commit, in order.
    let follow: @Sendable ([Intake.Consequence], SurfaceID) -> Void
    var metrics = SurfaceMetrics()

    func accept(_ events: [InboundEvent], checkpoint: Checkpoint?, state: [StateChange]) async throws(SurfaceError) {
        var batches = batches(of: events)
        let last = batches.removeLast()
        for batch in batches { try await take(batch, checkpoint: nil, state: []) }
        try await take(last, checkpoint: checkpoint, state: state)
    }

    func receiving(nextWithin duration: Duration) async { health.listening(for: duration) }

    /// All in one, but an event in which the process has died before is taken alone, after the others: should it die
    /// again, they are taken.
    private func batches(of events: [InboundEvent]) -> [[InboundEvent]] {
        let alone = events.filter {
            store.deathMark.deaths(in: $0.id, of: rules.surface) == Intake.deathsBeforeAlone
        }
        guard !alone.isEmpty else { return [events] }
        let names = Set(alone.map(\.id))
        return [events.filter { !names.contains($0.id) }] + alone.map { [$0] }
    }

    private func take(
        _ events: [InboundEvent],
        checkpoint: Checkpoint?,
        state: [StateChange]
    ) async throws(SurfaceError) {
        let rules = rules
        let mark = store.deathMark
        let consequences: [Intake.Consequence]
        let tally: IntakeTally
        do {
            (consequences, tally) = try await store.write { database in
                var intake = Intake(rules: rules, database: database, now: .now)
                for event in events { try intake.takeOrSetAside(event, mark: mark) }
                try database.apply(state, of: rules.surface)
                if let checkpoint { try database.setCheckpoint(checkpoint, of: rules.surface) }
                return (intake.consequences, intake.tally)
            }
        } catch {
            log.error("Messages could not be stored", ["reason": "\(error)"])
            throw .unavailable(reason: "the state cannot be written: \(error)")
        }
        for event in events { mark.forget(event.id, of: rules.surface) }
        metrics.took(tally, of: events.count)
        if !events.isEmpty {
            health.received()
            log.debug("Events accepted", ["events": events.count, "strangers": tally.strangers])
        }
        follow(consequences, rules.surface)
    }
}
