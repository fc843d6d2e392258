import Basics
import SurfaceKit

extension Intake {
    /// In how many deaths of the process an event may have had a part before it is taken alone, after the others.
    static let deathsBeforeAlone = 2
    /// In how many before it is set aside.
    static let deathsBeforeSetAside = 3

    /// Takes `event`; one that cannot be taken, or in which the process keeps dying, is set aside.
    ///
    /// - Throws: What is no fault of the event, and undoes the whole transaction: a state that cannot be written.
    mutating func takeOrSetAside(_ event: InboundEvent, mark: DeathMark) throws {
        let deaths = mark.deaths(in: event.id, of: rules.surface)
        guard deaths < Self.deathsBeforeSetAside else {
            return try setAside(event, reason: "the process died \(deaths) times while it was taken")
        }
        let before = self
        do {
            try mark.during(event.id, of: rules.surface) { try database.nested { try take(event) } }
        } catch let error as StoreError where error.isTemporary {
            throw error
        } catch {
            guard database.isInTransaction else { throw error }
            self = before
            try setAside(event, reason: "\(error)")
        }
    }

    private mutating func setAside(_ event: InboundEvent, reason: String) throws {
        try database.setAside(event, of: rules.surface, reason: reason, now: now)
        then(.setAside(event.id, reason: reason))
        tally.setAside += 1
        let before = self
        do {
            try database.nested { try sayThatItIsSetAside(event) }
        } catch let error as StoreError where error.isTemporary {
            throw error
        } catch {
            // The chat is part of what cannot be handled: the operator is told all the same.
            self = before
        }
    }

    private mutating func sayThatItIsSetAside(_ event: InboundEvent) throws {
        guard case .message(let message) = event.content, try isAdmitted(event),
            event.chatKind == .direct || message.addressed
        else { return }
        try say(.notice(.messageSetAside), in: try conversation(of: event))
    }
}
