import Basics
import Metrics
import State
import SurfaceKit

/// Stores what a surface received, in one transaction with its checkpoint, and sets going what follows from it.
struct DurableInbox: Inbox {
    let system: any System
    let rules: IntakeRules
    let store: any StateStore
    let health: SurfaceHealth
    let log: Log
    let conversations: Conversations
    let metrics: SurfaceMetrics

    func accept(_ events: [InboundEvent], checkpoint: Checkpoint?, state: [StateChange]) async throws(SurfaceError) {
        var batches = batches(of: events)
        let last = batches.removeLast()
        for batch in batches { try await take(batch, checkpoint: nil, changes: []) }
        try await take(last, checkpoint: checkpoint, changes: state)
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
        changes: [StateChange]
    ) async throws(SurfaceError) {
        let rules = rules
        let mark = store.deathMark
        let consequences: [Intake.Consequence]
        let tally: IntakeTally
        let counted = Counter()
        do {
            (consequences, tally) = try await store.write { [metrics, now = system.now] state in
                var intake = Intake(rules: rules, state: state, now: now)
                for event in events { try intake.takeOrSetAside(event, mark: mark) }
                try state.apply(changes, of: rules.surface)
                if let checkpoint { try state.setCheckpoint(checkpoint, of: rules.surface) }
                metrics.messages.add(intake.tally.accepted)
                counted.add(intake.tally.accepted)
                return (intake.consequences, intake.tally)
            }
        } catch {
            metrics.messages.add(-counted.value)
            log.error("Messages could not be stored", ["reason": Fault(error).reason])
            throw .unavailable(reason: "the state cannot be written: \(Fault(error).reason)")
        }
        for event in events { mark.forget(event.id, of: rules.surface) }
        metrics.took(tally, of: events.count)
        if !events.isEmpty {
            health.received()
            log.debug("Events accepted", ["events": events.count, "strangers": tally.strangers])
        }
        for consequence in consequences { await conversations.follow(consequence, on: rules.surface, log) }
    }
}
