import Basics
import State
import SurfaceKit

/// Shows that an answer is being written, while nothing of it can be seen.
struct TypingIndicator: Sendable {
    let turn: Turn

    /// Shows it until some of `reply` is shown, or until cancelled.
    func show(until reply: GrowingReply) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await reply.untilShown() }
            group.addTask { await keepShowing() }
            await group.next()
            group.cancelAll()
        }
    }

    /// Takes it away, where the messenger can.
    func end() async { await set(false, 0) }

    private func keepShowing() async {
        let again = turn.runtime.surface.capabilities.typingLasts * 0.7
        var number = 0
        while !Task.isCancelled {
            number += 1
            await set(true, number)
            try? await turn.desk.system.sleep(for: again)
        }
    }

    private func set(_ isOn: Bool, _ number: Int) async {
        // A sign of life is worth no second attempt.
        _ = try? await turn.runtime.surface.perform(
            .typing(isOn, in: turn.conversation.address),
            as: OperationID("t\(turn.record.id).\(number)")
        )
    }
}
