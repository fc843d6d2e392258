import Basics
import Metrics
import State
import SurfaceKit

/// Delivers what is owed in one conversation and shows what grows, one message after the other.
actor Delivering: LaneWork {
    private let conversation: ConversationID
    private let stage: Stage
    private let desk: ConversationDesk
    /// Whether the state holds something that is owed.
    private var owes = false
    /// A post that is not tried again before this time.
    private var blocked: (post: PostID, until: ContinuousClock.Instant)?
    /// Whether it is the one that was next when the state was asked last.
    private var isNextBlocked = false
    private var preview: PreviewLane?
    /// Attempts at one post that failed one after the other.
    private var failures: (post: PostID, count: Int)?

    init(conversation: ConversationID, stage: Stage, desk: ConversationDesk) {
        self.conversation = conversation
        self.stage = stage
        self.desk = desk
    }

    func step(on lane: Lane) async throws -> Lane.Outcome {
        // What is owed may be the end of what is shown.
        try await preview?.writeNotes()
        if let outcome = try await deliver() { return outcome }
        guard let reply = stage.reply else {
            preview = nil
            return .idle
        }
        return try await grow(reply)
    }

    func recover(from fault: Fault) async {
        // Whatever failed, what is owed is looked for again.
        owes = true
        switch fault {
        case .cancelled: break
        case .row(let row, let reason): await DamageReport(desk: desk).give(up: row, reason: reason)
        default:
            desk.log.error(
                "What is owed cannot be handled yet",
                ["conversation": conversation, "reason": fault.reason]
            )
        }
    }

    // MARK: What is owed

    /// - Returns: `nil` when nothing is owed.
    private func deliver() async throws -> Lane.Outcome? {
        let isNews = stage.takeNews()
        owes = owes || isNews
        guard owes else { return nil }
        if !isNews, isNextBlocked, let left = blockedFor { return .wait(left) }
        guard let due = try await nextDue() else {
            owes = false
            blocked = nil
            isNextBlocked = false
            return nil
        }
        guard let runtime = desk.surfaces[due.conversation.surface] else { return .idle }
        isNextBlocked = blocked?.post == due.post.id
        if isNextBlocked, let left = blockedFor { return .wait(left) }
        let pause = runtime.budget.pause(
            in: due.conversation.address.chat,
            kind: due.conversation.kind,
            now: desk.system.instant
        )
        if pause > .zero { return block(due.post.id, for: pause) }
        let failed = failures.flatMap { $0.post == due.post.id ? $0.count : nil } ?? 0
        let delivery = Delivery(
            post: due.post,
            conversation: due.conversation,
            context: due.context,
            failures: failed,
            runtime: runtime,
            desk: desk
        )
        switch await delivery.attempt() {
        case .again:
            failures = nil
            isNextBlocked = false
            return .again
        case .pause(let pause):
            failures = (due.post.id, failed + 1)
            return block(due.post.id, for: pause)
        case .suspended: return .idle
        }
    }

    /// How long the blocked post still is; `nil` when it may be tried.
    private var blockedFor: Duration? {
        guard let blocked, blocked.until > desk.system.instant else { return nil }
        return desk.system.instant.duration(to: blocked.until)
    }

    private func block(_ post: PostID, for pause: Duration) -> Lane.Outcome {
        blocked = (post, desk.system.instant + pause)
        isNextBlocked = true
        return .wait(pause)
    }

    private struct Due {
        let post: PostRecord
        let conversation: ConversationRecord
        let context: ContextID?
    }

    private func nextDue() async throws -> Due? {
        try await desk.store.read { [conversation] state in
            guard let post = try state.nextOwed(in: conversation),
                let record = try state.conversation(conversation)
            else { return nil }
            // For the log only: a turn that cannot be read does not hold up its answer.
            let context = post.turn.flatMap { try? state.turn($0)?.context }
            return Due(post: post, conversation: record, context: context)
        }
    }

    // MARK: What grows

    private func grow(_ reply: GrowingReply) async throws -> Lane.Outcome {
        if preview?.reply !== reply { preview = try await makePreview(of: reply) }
        guard let preview else { return .idle }
        guard let delay = await preview.advance() else { return .idle }
        return delay > .zero ? .wait(delay) : .again
    }

    private func makePreview(of reply: GrowingReply) async throws -> PreviewLane? {
        guard let conversation = try await desk.store.read({ [conversation] in try $0.conversation(conversation) }),
            let runtime = desk.surfaces[conversation.surface]
        else { return nil }
        return PreviewLane(reply: reply, conversation: conversation, runtime: runtime, store: desk.store, stage: stage)
    }
}
