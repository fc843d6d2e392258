import Basics
import Metrics
import State
import SurfaceKit
import Words

/// One attempt at a message that is owed, and what follows from it.
struct Delivery: Sendable {
    let post: PostRecord
    let conversation: ConversationRecord
    /// Where the question belongs that it answers.
    let context: ContextID?
    /// Attempts at it that failed one after the other.
    let failures: Int
    let runtime: SurfaceRuntime
    let desk: ConversationDesk

    enum Outcome {
        /// Something changed: look what is owed next.
        case again
        /// Not before this time.
        case pause(Duration)
        /// Not before the surface works again.
        case suspended
    }

    /// How long a conversation rests whose posts can be neither delivered nor given up.
    private static let blockedFor = Duration.seconds(3600)

    private var system: any System { desk.system }

    private var log: Log {
        let log = runtime.log.with(["conversation": conversation.id, "post": post.id])
        guard let turn = post.turn else { return log }
        return context.map { log.with(["context": $0, "turn": turn]) } ?? log.with(["turn": turn])
    }

    func attempt() async -> Outcome {
        let content = content
        let step = DeliveryStep.next(
            for: post,
            holding: content,
            repetition: runtime.surface.capabilities.repetition
        )
        let operation: OutboundOperation
        switch step {
        case .done: return await settle(as: .delivered)
        case .send(let content):
            operation = .send(resolved(content), to: conversation.address, replyTo: post.replyTo)
        case .edit(let message, let content):
            operation = .edit(message, resolved(content), in: conversation.address)
        }
        do throws(SurfaceError) {
            let id = step.isEdit ? post.finalOperation : post.sendOperation
            let receipt = try await perform(operation, as: id)
            return await note(step, receipt, content)
        } catch {
            return await recover(from: error, isEdit: step.isEdit)
        }
    }

    private func resolved(_ content: MessageContent) -> MessageContent { desk.store.files.resolved(content) }

    /// What the message is to hold, in the form that the messenger may take.
    private var content: MessageContent? {
        switch post.form {
        case .whole: post.content ?? post.shown
        case .simple: (post.content ?? post.shown)?.simplified
        case .notice: notice
        }
    }

    private var notice: MessageContent? {
        let isFile = if case .file? = post.content { true } else { false }
        let notice: Notice = isFile ? .attachmentUndeliverable : .messageRefused
        return runtime.rules.messages(.notice(notice), in: conversation).first.map { .text($0) }
    }

    private func perform(_ operation: OutboundOperation, as id: OperationID) async throws(SurfaceError) -> Receipt {
        runtime.budget.spend(in: conversation.address.chat, kind: conversation.kind, now: system.instant)
        let receipt = try await runtime.surface.perform(operation, as: id)
        runtime.budget.accepted(in: conversation.address.chat)
        runtime.metrics.operations.add(.delivered)
        return receipt
    }

    // MARK: What happened

    private func note(_ step: DeliveryStep, _ receipt: Receipt, _ content: MessageContent?) async -> Outcome {
        let shown: MessageContent
        let message: MessageID?
        switch step {
        case .send(let sent): (shown, message) = (sent, receipt.message)
        case .edit(_, let edited): (shown, message) = (edited, nil)
        case .done: return .again
        }
        let isWhole = shown == content
        // A messenger that names no message takes no edit of it.
        let isLost = !isWhole && message == nil && post.message == nil
        // The message of an opening must not be forgotten: what is owed would open a second one. The end of a post may:
        // the same edit, or the same send of a name that the messenger knows, is then made once more.
        let isHarmlessAgain = isWhole && (post.message != nil || runtime.surface.capabilities.repetition == .harmless)
        let losesWords = conversation.hasUndelivered
        let outcome = await write(isHarmlessAgain && !losesWords ? .process : .full) { [post, now = system.now] state in
            try state.noteShown(shown, as: message, of: post.id)
            if isWhole {
                try self.settle(as: .delivered, in: state)
            } else if isLost {
                try state.renew(post.id, generation: DeliveryDecision.mostOpenings)
            } else if try state.post(post.id)?.state == .dropped {
                // Dropped while its opening was on its way: what people see the beginning of gets its end.
                try state.settle(post.id, as: .due, now: now)
            }
        }
        if isWhole { count() }
        return outcome
    }

    private func settle(as end: PostRecord.State) async -> Outcome {
        let outcome = await write(.full) { state in try self.settle(as: end, in: state) }
        if end == .delivered { count() }
        return outcome
    }

    private func settle(as end: PostRecord.State, in state: any StateChanging) throws {
        let now = system.now
        try state.settle(post.id, as: end, now: now)
        guard end == .delivered, conversation.hasUndelivered else { return }
        try state.setUndelivered(false, in: conversation.id)
        for text in runtime.rules.messages(.notice(.messagesLost), in: conversation) {
            try state.owe(NewPost(.text(text), in: conversation.id), now: now)
        }
    }

    private func count() {
        log.info("Message delivered", ["form": post.form])
        guard let dueAt = post.dueAt else { return }
        runtime.metrics.deliveries.observe(system.now.duration(since: dueAt))
    }

    // MARK: What failed

    private func recover(from error: SurfaceError, isEdit: Bool) async -> Outcome {
        if case .unavailable(let retryAfter, true, _) = error {
            runtime.limited(for: retryAfter, in: conversation.address.chat)
        }
        let decision = DeliveryDecision.make(
            after: Fault(error),
            post,
            isEdit: isEdit,
            failures: failures + 1,
            works: runtime.isReceiving && !Task.isCancelled,
            owedFor: post.dueAt.map { system.now.duration(since: $0) } ?? .zero
        )
        if let result = SurfaceMetrics.DeliveryResult(decision, after: error) { runtime.metrics.operations.add(result) }
        return await follow(decision, Fault(error).reason)
    }

    private func follow(_ decision: DeliveryDecision, _ reason: String) async -> Outcome {
        switch decision {
        case .retry(let delay):
            log.warning("Message not delivered yet", ["retrySeconds": delay.inSeconds, "reason": reason])
            guard runtime.isReceiving else { return .pause(delay) }
            return await write(.process, then: .pause(delay)) { [post] in try $0.countAttempt(at: post.id) }
        case .simplify(let form):
            log.warning("Message refused: it is put more simply", ["form": form, "reason": reason])
            return await simplify(to: form)
        case .renew(let pause):
            log.warning("Message to edit is gone: a new one is made", ["reason": reason])
            return await write(.full, then: .pause(pause)) { [post] in
                try $0.renew(post.id, generation: post.generation + 1)
            }
        case .replace(let removesOld):
            log.warning("Message takes no edit: a new one is made", ["reason": reason])
            if removesOld { await removeOpening() }
            return await write(.full) { [post] in try $0.renew(post.id, generation: DeliveryDecision.mostOpenings) }
        case .suspend: return .suspended
        case .drop, .fail:
            log.error("Message given up", ["reason": reason])
            return await settle(as: .failed)
        case .lose:
            log.error("Message given up: it could not be delivered for a day", ["reason": reason])
            return await write(.full) { [post, conversation, now = system.now] state in
                try state.settle(post.id, as: .failed, now: now)
                try state.setUndelivered(true, in: conversation.id)
            }
        }
    }

    private func simplify(to form: PostForm) async -> Outcome {
        await write(.full) { [post] state in
            try state.setForm(form, of: post.id)
            if form == .notice, let turn = post.turn { try state.noteUndelivered(post, of: turn) }
        }
    }

    /// An opening that cannot grow would stay for ever; one that cannot be removed either does no harm.
    private func removeOpening() async {
        guard let message = post.message else { return }
        _ = try? await runtime.surface.perform(
            .delete(message, in: conversation.address),
            as: OperationID("x\(post.id).\(post.generation)")
        )
    }

    /// What happened on the messenger is written down until it is: forgetting it would say it twice.
    ///
    /// What can never be written ends the post, so that it is not said again and again.
    private func write(
        _ durability: Durability,
        then outcome: Outcome = .again,
        _ body: @escaping @Sendable (any StateChanging) throws -> Void
    ) async -> Outcome {
        switch await persist(durability, body) {
        case nil, .cancelled?: return outcome
        case .row(let row, let reason)?:
            await DamageReport(desk: desk).give(up: row, reason: reason)
            return .again
        case let fault?:
            log.error("Message given up: what became of it cannot be stored", ["reason": fault.reason])
            let failure = await persist(.full) { [post, now = system.now] in
                try $0.settle(post.id, as: .failed, now: now)
            }
            return failure == nil ? .again : .pause(Self.blockedFor)
        }
    }

    /// Writes until it succeeds, or can never succeed.
    ///
    /// - Returns: Why it did not.
    private func persist(
        _ durability: Durability,
        _ body: @escaping @Sendable (any StateChanging) throws -> Void
    ) async -> Fault? {
        for failure in 1... {
            do {
                try await desk.store.write(durability, body)
                return nil
            } catch {
                let fault = Fault(error)
                guard case .temporary = fault else { return fault }
                log.error("What was delivered cannot be stored yet", ["reason": fault.reason])
                guard (try? await system.sleep(for: Backoff.delay(attempt: min(failure, 4)))) != nil else {
                    return .cancelled
                }
            }
        }
        return nil
    }
}

extension DeliveryStep {
    fileprivate var isEdit: Bool { if case .edit = self { true } else { false } }
}

extension SurfaceMetrics.DeliveryResult {
    /// `nil` when nothing was attempted to the end.
    fileprivate init?(_ decision: DeliveryDecision, after error: SurfaceError) {
        switch decision {
        case .suspend where error == .cancelled: return nil
        case .retry: self = .retried
        case .renew, .replace: self = .renewed
        case .simplify: self = .simplified
        case .suspend: self = .suspended
        case .drop, .fail: self = .failed
        case .lose: self = .givenUp
        }
    }
}
