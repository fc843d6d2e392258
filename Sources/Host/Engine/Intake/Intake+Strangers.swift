import Metrics
import Settings
import State
import SurfaceKit
import Words

extension Intake {
    /// Whether the person behind an event has access; what happens to a chat concerns everybody in it.
    func isAdmitted(_ event: InboundEvent) throws -> Bool {
        switch event.content {
        case .left, .moved: true
        case .message, .edited, .deleted, .started, .unreadable, .stopRequested:
            try rules.access.admits(event.sender.id, on: rules.surface, state)
        }
    }

    /// Gives a stranger a code to be let in with, where the policy says so; nothing that a stranger says is kept.
    mutating func takeStranger(_ event: InboundEvent) throws {
        tally.strangers += 1
        guard rules.access.policy == .pairing, event.chatKind == .direct else { return }
        switch event.content {
        case .message, .started: try giveCode(event)
        case .unreadable:
            guard try !state.isPairingClosed(to: event.sender.id, on: rules.surface, now: now) else { return }
            try takeUnreadable(event)
        case .edited, .deleted, .left, .moved, .stopRequested: break
        }
    }

    private mutating func giveCode(_ event: InboundEvent) throws {
        guard try !state.isPairingClosed(to: event.sender.id, on: rules.surface, now: now) else { return }
        let conversation = try conversation(of: event)
        let code = try state.openPairing(of: event.sender, on: rules.surface, in: conversation.id, now: now)
        if let code { try say(.people(.pairingCode(code)), in: conversation) }
    }
}
