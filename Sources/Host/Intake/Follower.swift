import Basics
import SurfaceKit

/// Does what follows from an accepted event, after it is stored.
struct Follower: Sendable {
    let lanes: TurnLanes
    let outbox: Outbox
    let registry: SurfaceRegistry
    let scope: TaskScope

    var follow: @Sendable ([Intake.Consequence], SurfaceID) -> Void {
        { consequences, surface in
            for consequence in consequences { perform(consequence, on: surface) }
        }
    }

    /// What was owed while the surface was away can be delivered and asked now.
    func surfaceReceives(_ id: SurfaceID, _ store: Store) {
        scope.add {
            try? await lanes.wakeAll()
            try? await outbox.wakeAll()
        }
    }

    /// The turns of a surface that was switched off are cut off; the others go on.
    func surfaceStopped(_ id: SurfaceID, _ store: Store) async {
        let conversations = try? await store.read { database in
            Set(
                try database.run("SELECT id FROM conversation WHERE surface = ?", .text(id.rawValue))
                    .compactMap { $0.integer("id") }
            )
        }
        guard let conversations else { return }
        await lanes.finish(as: .cut) { conversations.contains($0.conversation) }
    }

    private func perform(_ consequence: Intake.Consequence, on surface: SurfaceID) {
        switch consequence {
        case .ask(let context): lanes.wake(context)
        case .deliver(let conversation): outbox.wake(conversation)
        case .end(let context, let ending): lanes.end(context: context, as: ending)
        case .endIn(let conversation, let ending): lanes.end(as: ending) { $0.conversation == conversation }
        case .endTurn(let turn, let ending): lanes.end(as: ending) { $0.turn == turn }
        case .seen(let message, let address): markRead(message, address, surface)
        case .suspect(let account, .wrongLinkCode):
            registry[surface]?.log.warning("A wrong link code was typed", ["person": account.person])
        case .setAside(let event, let reason):
            registry[surface]?.log.error(
                "An event could not be handled and was set aside",
                ["event": event, "reason": reason]
            )
        case .suspect(let account, .tooManyLinkCodes):
            registry[surface]?.log.warning("Link codes are refused for an hour", ["person": account.person])
        }
    }

    private func markRead(_ message: MessageID, _ address: ConversationAddress, _ surface: SurfaceID) {
        guard let runtime = registry[surface] else { return }
        scope.add {
            _ = try? await runtime.surface.perform(.markRead(message, in: address), as: OperationID("r"))
        }
    }
}
