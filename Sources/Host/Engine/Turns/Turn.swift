import AgentLink
import Basics
import FoundationEssentials
import Metrics
import Settings
import State
import SurfaceKit

/// One question on its way through: its files, the request, the stream, the end.
struct Turn: Sendable {
    let record: TurnRecord
    let conversation: ConversationRecord
    let runtime: SurfaceRuntime
    let desk: ConversationDesk
    let log: Log

    /// In groups an answer names what it answers.
    var replyTo: MessageID? { conversation.kind == .group ? record.message : nil }

    /// Takes the turn to its end, or to the end that `running` gives it.
    ///
    /// - Parameter readySince: When only the host was still delaying the question.
    func run(
        _ reply: GrowingReply,
        _ running: RunningTurn,
        stage: Stage,
        delivering: Lane,
        readySince: Timestamp
    ) async {
        let call = TurnCall(turn: self, reply: reply, stage: stage, delivering: delivering, readySince: readySince)
        let result = await converse(call, reply, running)
        stage.endReply()
        let settlement = TurnSettlement(turn: self, reply: reply)
        let end = await settlement.settle(result, cutShort: running.ending)
        if let end {
            runtime.metrics.turns.ended(record.id, end.ending)
        } else {
            runtime.metrics.turns.returned(record.id)
        }
        if let end, end.conversation != conversation.id { desk.wakes.deliver(in: end.conversation) }
    }

    /// Asks, shows that something is going on, and listens until the agent or `running` says that it is over.
    private func converse(_ call: TurnCall, _ reply: GrowingReply, _ running: RunningTurn) async -> TurnCall.Result {
        await withTaskGroup(of: TurnCall.Result?.self) { group in
            group.addTask { await call.converse() }
            group.addTask {
                await running.untilToEnd()
                return TurnCall.Result(verdict: nil)
            }
            group.addTask {
                await TypingIndicator(turn: self).show(until: reply)
                return nil
            }
            var result = TurnCall.Result(verdict: nil)
            while let first = await group.next() {
                guard let first else { continue }
                result = first
                break
            }
            group.cancelAll()
            // The files are known to the call alone, also when it was cut short.
            while let other = await group.next() {
                if let question = other?.question { result.question = result.question ?? question }
            }
            return result
        }
    }
}
