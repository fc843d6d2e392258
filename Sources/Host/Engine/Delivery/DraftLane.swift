import Basics
import Metrics
import State
import SurfaceKit

/// Shows one growing reply as the messenger’s own draft, which is no message yet.
///
/// Nothing of it is owed while the turn runs. Each text is written down before it is shown, so that what people have
/// seen becomes a message when the host dies.
final class DraftLane {
    /// The messenger has no drafts here after all: the reply grows as a message.
    private(set) var isRefused = false

    private let reply: GrowingReply
    private let conversation: ConversationRecord
    private let runtime: SurfaceRuntime
    private let store: any StateStore
    private let stage: Stage
    private let drafts: Capabilities.Drafts
    private var shown: MessageText?
    private var kept: [MessageText] = []
    private var lastChange: ContinuousClock.Instant?
    private var stopped = false
    private var number = 0

    /// `nil` where the messenger has no drafts.
    init?(
        reply: GrowingReply,
        conversation: ConversationRecord,
        runtime: SurfaceRuntime,
        store: any StateStore,
        stage: Stage
    ) {
        guard conversation.kind == .direct, let drafts = runtime.surface.capabilities.drafts else { return nil }
        self.reply = reply
        self.conversation = conversation
        self.runtime = runtime
        self.store = store
        self.stage = stage
        self.drafts = drafts
    }

    /// Shows the newest text when it is time.
    ///
    /// - Returns: How long to wait before the next one at most; `nil` to wait for news.
    nonisolated(nonsending) func advance() async -> Duration? {
        let pages = await reply.pages().texts
        // A draft is one message long: of a longer answer it shows what is being written now.
        guard !stopped, let text = pages.last else { return nil }
        let delay = delay(until: text)
        guard delay <= .zero else { return delay }
        guard await keep(pages) else { return drafts.interval }
        return await show(text)
    }

    private func delay(until text: MessageText) -> Duration {
        let now = runtime.system.instant
        let budget = runtime.budget.previewDelay(in: conversation.address.chat, kind: conversation.kind, now: now)
        guard let lastChange else { return budget }
        // Shown once more before it goes away by itself.
        let pause = text == shown ? drafts.lasts * 0.7 : max(drafts.interval, runtime.editWish ?? .zero)
        return max(now.duration(to: lastChange + pause), budget)
    }

    nonisolated(nonsending) private func keep(_ pages: [MessageText]) async -> Bool {
        let changed = pages.enumerated().filter { $0.offset >= kept.count || kept[$0.offset] != $0.element }
        do {
            try await store.write(.process) {
                [now = runtime.system.now, turn = reply.turn, message = kept.isEmpty ? reply.firstMessage : nil] state
                in
                if let message { try state.noteAnswer(message, of: turn) }
                for (page, text) in changed {
                    try state.keepDraft(page: page, of: turn, showing: .text(text), now: now)
                }
            }
            kept = pages
            return true
        } catch {
            return false
        }
    }

    nonisolated(nonsending) private func show(_ text: MessageText) async -> Duration? {
        number += 1
        lastChange = runtime.system.instant
        runtime.budget.spend(in: conversation.address.chat, kind: conversation.kind, now: runtime.system.instant)
        let draft = DraftID(reply.turn)
        do throws(SurfaceError) {
            let operation = OutboundOperation.draft(draft, text, in: conversation.address)
            let id = OperationID("d\(reply.turn).\(number)")
            _ = try await stage.untilNews { [surface = runtime.surface] () async throws(SurfaceError) in
                try await surface.perform(operation, as: id)
            }
            shown = text
            reply.noteShown()
            runtime.metrics.previews.add(.shown)
            return drafts.interval
        } catch {
            runtime.metrics.previews.add(.skipped)
            runtime.log.debug("A draft was not shown", ["reason": Fault(error).reason])
            return await giveWay(to: error)
        }
    }

    nonisolated(nonsending) private func giveWay(to error: SurfaceError) async -> Duration? {
        switch error {
        case .unavailable(let retryAfter, true, _):
            // Within a rate limit every further request makes it longer, and the end of the answer must arrive.
            runtime.limited(for: retryAfter, in: conversation.address.chat)
            stopped = true
            return nil
        case .refused:
            _ = try? await store.write(.process) { [turn = reply.turn] in try $0.forgetDrafts(of: turn) }
            isRefused = true
            return .zero
        default: return drafts.interval
        }
    }
}
