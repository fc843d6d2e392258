import AgentLink
import Basics
import FoundationEssentials
import SurfaceKit

/// Takes one question through: files, request, stream, end.
struct TurnRunner: Sendable {
    let store: Store
    let outbox: Outbox
    let files: FileCabinet
    let health: AgentHealth
    let settings: @Sendable () -> AgentSettings
    let attachments: @Sendable () -> AttachmentLimits

    /// How the part of a turn that can be cut short came out.
    enum Verdict: Sendable {
        case ended(AgentOutcome)
        case unreachable
        case refused(AgentError.Refusal)
        /// Sent, and nothing came back.
        case lost
        case fileUnavailable(String)
        case fileTooLarge(String)
    }

    /// Runs `turn` to its end, or to the end that `ender` gives it.
    ///
    /// - Parameter readySince: From when on nothing but the host stood between the question and the agent.
    func run(_ turn: TurnRecord, on runtime: SurfaceRuntime, ender: TurnEnder, readySince: Timestamp) async {
        let log = runtime.log.with(["context": turn.context, "conversation": turn.conversation, "turn": turn.id])
        let conversation: ConversationRecord
        do {
            conversation = try await store.read { try $0.conversation(turn.conversation) }
        } catch {
            log.error("A conversation cannot be read", ["reason": "\(error)"])
            try? await Task.sleep(for: .seconds(1))
            return
        }
        let progress = ReplyProgress(limit: runtime.surface.capabilities.text)
        let call = TurnCall(
            runner: self,
            turn: turn,
            conversation: conversation,
            runtime: runtime,
            log: log,
            readySince: readySince
        )
        let verdict = await converse(call, progress, ender)
        outbox.endPreview(in: turn.conversation)
        let ending = TurnEnding(call: call, progress: progress)
        await ending.settle(verdict, cutShort: ender.ending)
        outbox.wake(turn.conversation)
    }

    /// Asks, shows and listens until the agent or `ender` says that it is over.
    private func converse(_ call: TurnCall, _ progress: ReplyProgress, _ ender: TurnEnder) async -> Verdict? {
        await withTaskGroup(of: Verdict??.self) { group in
            group.addTask { .some(await call.converse(progress)) }
            group.addTask {
                await ender.wait()
                return .some(nil)
            }
            group.addTask {
                await call.showTyping()
                return nil
            }
            var verdict: Verdict?
            while let first = await group.next() {
                guard let first else { continue }
                verdict = first
                break
            }
            group.cancelAll()
            return verdict
        }
    }
}
