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
        let rules = rules
        let consequences: [Intake.Consequence]
        let tally: IntakeTally
        do {
            (consequences, tally) = try await store.write { database in
                var intake = Intake(rules: rules, database: database, now: .now)
                for event in events { try intake.take(event) }
                try database.apply(state, of: rules.surface)
                if let checkpoint { try database.setCheckpoint(checkpoint, of: rules.surface) }
                return (intake.consequences, intake.tally)
            }
        } catch {
            log.error("Messages could not be stored", ["reason": "\(error)"])
            throw .unavailable(reason: "the state cannot be written: \(error)")
        }
        metrics.took(tally, of: events.count)
        if !events.isEmpty {
            health.received()
            log.debug("Events accepted", ["events": events.count, "strangers": tally.strangers])
        }
        follow(consequences, rules.surface)
    }

    func receiving(nextWithin duration: Duration) async { health.listening(for: duration) }
}
