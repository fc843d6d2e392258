import Basics
import Metrics
import Replies
import State
import SurfaceKit

/// Shows one growing reply within the messenger’s budget; the newest text wins, what was skipped is never sent.
final class PreviewLane {
    let reply: GrowingReply
    private let conversation: ConversationRecord
    private let runtime: SurfaceRuntime
    private let store: any StateStore
    private var shown: [ShownPage] = []
    private var lastChange: ContinuousClock.Instant?
    private var stopped = false
    private let draft: DraftLane?
    /// What is shown and not written down yet, oldest first.
    private var unnoted: [(content: MessageContent, message: MessageID, post: PostID)] = []

    /// An answer that is complete sooner is said in one piece.
    private static let patience = Duration.milliseconds(200)

    init(
        reply: GrowingReply,
        conversation: ConversationRecord,
        runtime: SurfaceRuntime,
        store: any StateStore,
        stage: Stage
    ) {
        self.reply = reply
        self.conversation = conversation
        self.runtime = runtime
        self.store = store
        draft = DraftLane(reply: reply, conversation: conversation, runtime: runtime, store: store, stage: stage)
    }

    /// Writes down what is shown, as far as that failed before: a message that is forgotten would be said once more.
    ///
    /// Lost on a power cut at worst: the final edit is then made once more.
    ///
    /// - Throws: ``Fault/temporary(after:reason:)``.
    nonisolated(nonsending) func writeNotes() async throws(Fault) {
        while let (content, message, post) = unnoted.first {
            do {
                try await store.write(.process) { try $0.noteShown(content, as: message, of: post) }
            } catch {
                let fault = Fault(error)
                if case .temporary = fault { throw fault }
                runtime.log.error("What is shown cannot be stored", ["post": post, "reason": fault.reason])
            }
            unnoted.removeFirst()
        }
    }

    /// Makes at most one change.
    ///
    /// - Returns: How long to wait before the next one at most; `nil` to wait for news.
    nonisolated(nonsending) func advance() async -> Duration? {
        guard !stopped, let interval = runtime.editInterval, let firstText = reply.firstText else { return nil }
        if let draft, !draft.isRefused { return await draft.advance() }
        let delay = delay(interval, firstText)
        guard delay <= .zero else { return delay }
        let limit = runtime.surface.capabilities.editsPerMessage
        switch PreviewStep.next(wanted: await reply.pages().texts, shown: shown, editsPerMessage: limit) {
        case .nothing: return nil
        case .open(let page, let text): return await open(page, text)
        case .edit(let page, let text): return await edit(page, text)
        }
    }

    private func delay(_ interval: Duration, _ firstText: ContinuousClock.Instant) -> Duration {
        let now = runtime.system.instant
        let due = lastChange.map { $0 + interval } ?? firstText + Self.patience
        let budget = runtime.budget.previewDelay(in: conversation.address.chat, kind: conversation.kind, now: now)
        return max(now.duration(to: due), budget)
    }

    nonisolated(nonsending) private func open(_ page: Int, _ text: MessageText) async -> Duration? {
        let whole = runtime.surface.capabilities.repetition == .harmless
        let opening = MessageContent.text(whole ? text : ReplyComposer.opening(of: text))
        let post: PostRecord?
        do {
            post = try await store.write(.process) { [reply, now = runtime.system.now] state in
                if page == 0, let message = reply.firstMessage { try state.noteAnswer(message, of: reply.turn) }
                return try state.beginPreview(
                    page: page,
                    of: reply.turn,
                    showing: opening,
                    replyTo: page == 0 ? reply.replyTo : nil,
                    now: now
                )
            }
        } catch {
            return .seconds(1)
        }
        guard let post else { return nil }
        let operation = OutboundOperation.send(opening, to: conversation.address, replyTo: post.replyTo)
        return await change(operation, as: post.sendOperation) { receipt in
            guard let message = receipt.message, case .text(let text) = opening else { return }
            shown.append(ShownPage(post: post, message: message, text: text, edits: 0))
            await note(opening, message, post)
        }
    }

    nonisolated(nonsending) private func edit(_ page: Int, _ text: MessageText) async -> Duration? {
        let target = shown[page]
        let content = MessageContent.text(text)
        let operation = OutboundOperation.edit(target.message, content, in: conversation.address)
        shown[page].edits += 1
        return await change(operation, as: target.post.previewOperation(shown[page].edits)) { _ in
            shown[page].text = text
            await note(content, target.message, target.post)
        }
    }

    nonisolated(nonsending) private func change(
        _ operation: OutboundOperation,
        as id: OperationID,
        then note: nonisolated(nonsending) (Receipt) async -> Void
    ) async -> Duration? {
        runtime.budget.spend(in: conversation.address.chat, kind: conversation.kind, now: runtime.system.instant)
        do throws(SurfaceError) {
            // Not given up for what is owed: an edit that arrives late would undo the last one.
            let receipt = try await runtime.surface.perform(operation, as: id)
            runtime.budget.accepted(in: conversation.address.chat)
            runtime.metrics.previews.add(.shown)
            lastChange = runtime.system.instant
            reply.noteShown()
            await note(receipt)
            return .zero
        } catch {
            lastChange = runtime.system.instant
            runtime.metrics.previews.add(.skipped)
            runtime.log.debug("A preview was not shown", ["reason": Fault(error).reason])
            guard case .unavailable(let retryAfter, true, _) = error else { return giveUp(operation) }
            runtime.limited(for: retryAfter, in: conversation.address.chat)
            return giveUp(operation)
        }
    }

    /// A message that could not be opened is opened with the final: a second attempt here might be a second message.
    private func giveUp(_ operation: OutboundOperation) -> Duration? {
        if case .send = operation { stopped = true }
        return nil
    }

    nonisolated(nonsending) private func note(_ content: MessageContent, _ message: MessageID, _ post: PostRecord) async
    {
        unnoted.append((content, message, post.id))
        _ = try? await writeNotes()
    }
}
