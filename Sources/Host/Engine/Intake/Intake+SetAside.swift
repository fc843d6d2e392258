import Basics
import Metrics
import State
import SurfaceKit
import Words

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
        if let fault = try failure(taking: event, mark) { try setAside(event, reason: fault.reason) }
    }

    /// - Returns: Why the event cannot be taken; `nil` when it is.
    private mutating func failure(taking event: InboundEvent, _ mark: DeathMark) throws -> Fault? {
        var before = self
        // Each failed row is met once at most; a bound all the same.
        for _ in 0..<8 {
            do {
                try mark.during(event.id, of: rules.surface) { try state.nested { try take(event) } }
                return nil
            } catch {
                let fault = Fault(error)
                if case .temporary = fault { throw error }
                guard state.isInTransaction else { throw error }
                self = before
                guard case .row(let row, let reason) = fault else { return fault }
                let people = try state.fail(row, now: now)
                then(.damaged(row, reason: reason))
                if let people, let conversation = try state.conversation(people) {
                    try say(.notice(.stateDamaged), in: conversation)
                }
                before = self
            }
        }
        return .defect(reason: "rows that cannot be read")
    }

    private mutating func setAside(_ event: InboundEvent, reason: String) throws {
        try state.setAside(event, of: rules.surface, reason: reason, now: now)
        then(.setAside(event.id, reason: reason))
        tally.setAside += 1
        let before = self
        do {
            try state.nested { try sayThatItIsSetAside(event) }
        } catch {
            if case .temporary = Fault(error) { throw error }
            guard state.isInTransaction else { throw error }
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
