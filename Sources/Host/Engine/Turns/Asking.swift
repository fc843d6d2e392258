import Basics
import Metrics
import State
import SurfaceKit

/// Asks the questions of one conversation, in the order in which they came.
struct Asking: LaneWork {
    let conversation: ConversationID
    let stage: Stage
    let delivering: Lane
    let desk: ConversationDesk
    /// When nothing of the host stood in the way of the next question.
    private let free = FreeSince()

    init(conversation: ConversationID, stage: Stage, delivering: Lane, desk: ConversationDesk) {
        self.conversation = conversation
        self.stage = stage
        self.delivering = delivering
        self.desk = desk
    }

    /// A question that waits, and what it needs to be asked.
    private struct Candidate: Sendable {
        let turn: TurnRecord
        let conversation: ConversationRecord
        /// Surfaces on which an older question of the same context is open.
        let ahead: Set<SurfaceID>
    }

    func step(on lane: Lane) async throws -> Lane.Outcome {
        guard !desk.drain.isOn, let next = try await candidate(), let runtime = desk.surfaces[next.conversation.surface]
        else {
            desk.contexts.leave(lane)
            return .idle
        }
        let context = next.turn.context
        guard next.ahead.isDisjoint(with: desk.surfaces.running), desk.contexts.take(context) else {
            // Looked at once more after that: what it waits for may have ended meanwhile.
            return desk.contexts.enqueue(for: context, lane) ? .again : .parked
        }
        defer { desk.contexts.release(context) }
        guard await desk.gate.enter() else { return .idle }
        defer { desk.gate.leave() }
        return try await run(next, on: runtime)
    }

    /// Runs what was chosen, unless it or its surface is another after the wait for a place.
    private func run(_ chosen: Candidate, on runtime: SurfaceRuntime) async throws -> Lane.Outcome {
        guard !desk.drain.isOn else { return .idle }
        guard let next = try await candidate(), next.turn.id == chosen.turn.id,
            next.turn.context == chosen.turn.context, let current = desk.surfaces[runtime.id],
            current.health === runtime.health
        else { return .again }
        await begin(next, on: runtime)
        return .again
    }

    private func candidate() async throws -> Candidate? {
        try await desk.store.read { [conversation] state in
            guard let turn = try state.nextTurn(in: conversation),
                let record = try state.conversation(conversation)
            else { return nil }
            return Candidate(
                turn: turn,
                conversation: record,
                ahead: try state.surfacesAhead(of: turn)
            )
        }
    }

    private func begin(_ next: Candidate, on runtime: SurfaceRuntime) async {
        let running = RunningTurn(next.turn, on: runtime.id)
        stage.begin(running)
        let accepted = max(next.turn.acceptedAt, runtime.metrics.since)
        let turn = Turn(
            record: next.turn,
            conversation: next.conversation,
            runtime: runtime,
            desk: desk,
            log: runtime.log.with([
                "context": next.turn.context, "conversation": conversation, "turn": next.turn.id,
            ])
        )
        let reply = GrowingReply(
            turn: next.turn.id,
            replyTo: turn.replyTo,
            limit: runtime.surface.capabilities.text,
            workers: desk.layouts
        )
        await turn.run(
            reply,
            running,
            stage: stage,
            delivering: delivering,
            readySince: max(accepted, free.time ?? accepted)
        )
        free.mark(desk.system.now)
        stage.endTurn()
        running.finish()
        stage.noteNews()
        delivering.wake()
    }

    func recover(from fault: Fault) async {
        switch fault {
        case .cancelled: break
        case .row(let row, let reason):
            await DamageReport(desk: desk).give(up: row, reason: reason)
            stage.noteNews()
            delivering.wake()
        default:
            desk.log.error(
                "The waiting messages cannot be read",
                ["conversation": conversation, "reason": fault.reason]
            )
        }
    }
}
