import Basics
import SurfaceKit

/// One conversation’s messages, performed one after the other.
final class OutboxLane {
    enum Pass {
        /// Nothing is left to do now.
        case drained
        /// Nothing can be done until the surface works again.
        case suspended
    }

    private let conversation: ConversationRecord
    private let runtime: SurfaceRuntime
    private let store: Store
    private let wakeup: Wakeup
    private let isCurrent: @Sendable () -> Bool
    private let mayOwe: @Sendable () -> Bool
    private let preview: @Sendable () -> Preview?
    private let log: Log
    private var previewing: PreviewLane?

    /// - Parameters:
    ///   - isCurrent: Whether the surface still runs as it did when the lane began.
    ///   - mayOwe: Whether something may have been queued since it was asked last.
    init(
        conversation: ConversationRecord,
        runtime: SurfaceRuntime,
        store: Store,
        wakeup: Wakeup,
        isCurrent: @escaping @Sendable () -> Bool,
        mayOwe: @escaping @Sendable () -> Bool,
        preview: @escaping @Sendable () -> Preview?,
        log: Log
    ) {
        self.conversation = conversation
        self.runtime = runtime
        self.store = store
        self.wakeup = wakeup
        self.isCurrent = isCurrent
        self.mayOwe = mayOwe
        self.preview = preview
        self.log = log
    }

    /// Performs what is owed, then what grows, until neither is left.
    func work() async -> Pass {
        while !Task.isCancelled, isCurrent() {
            if mayOwe() {
                if await settleDebts() == .suspended { return .suspended }
            } else if let preview = preview() {
                await show(preview)
            } else {
                previewing = nil
                return .drained
            }
        }
        return .suspended
    }

    /// Delivers what is owed until nothing is.
    private func settleDebts() async -> Pass {
        while !Task.isCancelled, isCurrent() {
            do {
                guard let due = try await store.read({ [id = conversation.id] in try $0.nextDuePost(in: id) }) else {
                    return .drained
                }
                if await deliver(due) == .suspended { return .suspended }
            } catch {
                log.error("The outbox cannot be read", ["reason": "\(error)"])
                await wakeup.wait(atMost: .seconds(5))
            }
        }
        return .suspended
    }

    // MARK: What grows

    private func show(_ preview: Preview) async {
        if previewing?.preview.turn != preview.turn {
            previewing = PreviewLane(preview: preview, conversation: conversation, runtime: runtime, store: store)
        }
        guard let previewing else { return }
        let delay = await previewing.advance()
        if let delay { await wakeup.wait(atMost: delay) } else { await wakeup.wait() }
    }

    // MARK: What is owed

    private func deliver(_ post: PostRecord) async -> Pass {
        let pause = runtime.budget.pause(in: conversation.address.chat, kind: conversation.kind)
        if pause > .zero {
            try? await Task.sleep(for: pause)
            return .drained
        }
        let step = DeliveryStep.next(for: post, repetition: runtime.surface.capabilities.repetition)
        do throws(SurfaceError) {
            switch step {
            case .send(let content):
                let operation = OutboundOperation.send(content, to: conversation.address, replyTo: post.replyTo)
                let receipt = try await perform(operation, as: post.sendOperation)
                await note(content, message: receipt.message, post)
            case .edit(let message, let content):
                _ = try await perform(.edit(message, content, in: conversation.address), as: post.finalOperation)
                await note(content, message: nil, post)
            case .done:
                await close(post, as: .delivered)
                log.debug("Delivered", ["post": post.id, "turn": post.turn ?? 0])
            }
            return .drained
        } catch {
            return await recover(post, from: error)
        }
    }

    private func perform(_ operation: OutboundOperation, as id: OperationID) async throws(SurfaceError) -> Receipt {
        runtime.budget.spend(in: conversation.address.chat, kind: conversation.kind)
        let receipt = try await runtime.surface.perform(operation, as: id)
        runtime.budget.accepted(in: conversation.address.chat)
        runtime.metrics.operations.add(.delivered)
        return receipt
    }

    private func recover(_ post: PostRecord, from error: SurfaceError) async -> Pass {
        if case .unavailable(let retryAfter, true, _) = error {
            runtime.limited(for: retryAfter, in: conversation.address.chat)
        }
        let attempt = post.attempts + 1
        let owed = post.dueAt.map { Timestamp.now.duration(since: $0) } ?? .zero
        let decision = RetryPolicy.decide(after: error, attempt: attempt, owedFor: owed)
        if let result = SurfaceMetrics.DeliveryResult(decision, after: error) { runtime.metrics.operations.add(result) }
        switch decision {
        case .retry(let delay):
            log.warning(
                "A message could not be delivered yet",
                ["post": post.id, "retry": delay, "reason": "\(error)"]
            )
            await write { try $0.countAttempt(at: post.id) }
            try? await Task.sleep(for: delay)
            return .drained
        case .renew:
            await write { try $0.renewPost(post.id) }
            return .drained
        case .giveUp:
            log.error("A message was given up", ["post": post.id, "reason": "\(error)"])
            await close(post, as: .failed)
            return .drained
        case .suspend:
            if case .unauthorized(let reason) = error { runtime.health.move(to: .needsAttention, reason: reason) }
            return .suspended
        }
    }

    private func note(_ content: MessageContent, message: MessageID?, _ post: PostRecord) async {
        let isWhole = content == (post.content ?? post.shown) && (message != nil || post.message != nil)
        await write { database in
            try database.setShown(content, message: message, of: post.id)
            if isWhole { try database.closePost(post.id, as: .delivered, now: .now) }
        }
        if isWhole { count(post) }
    }

    private func close(_ post: PostRecord, as state: PostRecord.State) async {
        await write { try $0.closePost(post.id, as: state, now: .now) }
        if state == .delivered { count(post) }
    }

    private func count(_ delivered: PostRecord) {
        guard let dueAt = delivered.dueAt else { return }
        runtime.metrics.deliveries.observe(Timestamp.now.duration(since: dueAt))
    }

    /// What happened on the messenger is written down until it is: forgetting it would say it twice.
    private func write(_ body: @escaping @Sendable (Database) throws -> Void) async {
        while true {
            do {
                return try await store.write(.full, body)
            } catch {
                log.error("What was delivered cannot be stored", ["reason": "\(error)"])
                if Task.isCancelled { return }
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }
}

extension SurfaceMetrics.DeliveryResult {
    /// `nil` when nothing was attempted to the end.
    fileprivate init?(_ decision: RetryPolicy.Decision, after error: SurfaceError) {
        switch (decision, error) {
        case (_, .cancelled): return nil
        case (.retry, _): self = .retried
        case (.renew, _): self = .renewed
        case (.suspend, _): self = .suspended
        case (.giveUp, .refused): self = .failed
        case (.giveUp, _): self = .givenUp
        }
    }
}
