import Basics
import State
import SurfaceKit
import Words

/// Ends what hangs on a row of the state that cannot be read, and tells its people.
struct DamageReport: Sendable {
    let desk: ConversationDesk

    /// Ends what hangs on `row`, and owes its people the notice of it.
    ///
    /// - Parameter rules: Those of a surface that runs.
    static func give(
        up row: DamagedRow,
        in state: any StateChanging,
        now: Timestamp,
        rules: (SurfaceID) -> IntakeRules?
    ) throws {
        guard let id = try state.fail(row, now: now), let conversation = try state.conversation(id),
            let rules = rules(conversation.surface)
        else { return }
        for text in rules.messages(.notice(.stateDamaged), in: conversation) {
            try state.owe(NewPost(.text(text), in: id), now: now)
        }
    }

    func give(up row: DamagedRow, reason: String) async {
        desk.log.error("A row of the state could not be read and was given up", ["row": row, "reason": reason])
        do {
            try await desk.store.write { [surfaces = desk.surfaces, now = desk.system.now] state in
                try Self.give(up: row, in: state, now: now) { surfaces[$0]?.rules }
            }
        } catch {
            desk.log.error("A damaged row cannot be given up", ["row": row, "reason": Fault(error).reason])
        }
    }
}
