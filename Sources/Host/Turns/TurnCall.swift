import AgentLink
import Basics
import FoundationEssentials
import SurfaceKit

/// One turn’s exchange with the agent.
struct TurnCall: Sendable {
    let runner: TurnRunner
    let turn: TurnRecord
    let conversation: ConversationRecord
    let runtime: SurfaceRuntime
    let log: Log
    /// From when on nothing but the host stood between the question and the agent.
    let readySince: Timestamp

    private var store: Store { runner.store }

    /// In groups an answer names what it answers.
    var replyTo: MessageID? { conversation.kind == .group ? turn.message : nil }

    /// Fetches, asks and listens to the end.
    ///
    /// Ends early when cancelled.
    func converse(_ progress: ReplyProgress) async -> TurnRunner.Verdict? {
        let question: AgentMessage
        switch await fetchQuestion() {
        case .success(let message):
            question = message
            progress.question = message
        case .failure(let failure): return failure.verdict
        }
        var attempt = turn.attempts
        let begun = turn.triedAt ?? .now
        while !Task.isCancelled {
            attempt += 1
            let watch = RunWatch(runtime.metrics, readySince: attempt == 1 ? readySince : nil)
            do throws(AgentError) {
                let outcome = try await ask(question, progress, watch)
                watch.ended(outcome.ending)
                return .ended(outcome)
            } catch {
                watch.ended(error)
                guard let delay = next(after: error, attempt: attempt, begun: begun) else { return verdict(of: error) }
                log.warning("The agent cannot be reached", ["retry": delay, "attempt": attempt, "reason": "\(error)"])
                await persist { try $0.markUnsent(turn.id) }
                try? await Task.sleep(for: delay)
            }
        }
        return nil
    }

    /// Shows that an answer is being written, until cancelled.
    func showTyping() async {
        let again = runtime.surface.capabilities.typingLasts * 0.7
        var number = 0
        while !Task.isCancelled {
            number += 1
            await type(true, number)
            try? await Task.sleep(for: again)
        }
    }

    func type(_ on: Bool, _ number: Int) async {
        _ = try? await runtime.surface.perform(
            .typing(on, in: conversation.address),
            as: OperationID("t\(turn.id).\(number)")
        )
    }

    // MARK: The request

    private func ask(
        _ question: AgentMessage,
        _ progress: ReplyProgress,
        _ watch: RunWatch
    ) async throws(AgentError) -> AgentOutcome {
        let settings = runner.settings()
        let request = await request(for: question, settings)
        do {
            try await store.write { [turn] in try $0.markTried(turn, now: .now) }
        } catch {
            // Nothing was asked: the turn is taken up again when the state can be written.
            log.error("An attempt cannot be stored", ["reason": "\(error)"])
            try? await Task.sleep(for: .seconds(2))
            throw .cancelled
        }
        log.info("Asking the agent", ["run": request.runID, "messages": request.messages.count])
        let run = try await settings.api.run(request) { [store, id = turn.id] in
            try await store.write { try $0.markSent(id, now: .now) }
            watch.sent()
        }
        runner.health.note(.ok)
        runner.outbox.begin(
            Preview(turn: turn.id, replyTo: replyTo, firstText: { progress.firstText }, pages: { progress.pages }),
            in: conversation.id
        )
        var received = 0
        for try await event in run {
            switch event {
            case .started, .activity: break
            case .text(let index, let delta): await take(delta, index, progress, watch)
            case .attachment(let file):
                received += 1
                await take(file, number: received, progress)
            case .ended(let outcome): return outcome
            }
        }
        return AgentOutcome(ending: .truncated, messages: [])
    }

    private func take(_ delta: String, _ index: Int, _ progress: ReplyProgress, _ watch: RunWatch) async {
        if progress.append(index: index, delta: delta) {
            watch.firstText()
            _ = try? await store.write(.process) { [id = turn.id] in try $0.markFirstText(id, now: .now) }
        }
        runner.outbox.refresh(conversation.id)
    }

    private func take(_ file: AgentFile, number: Int, _ progress: ReplyProgress) async {
        do {
            let remote = RemoteFile(agentHost: runner.settings().host, limit: runner.attachments().maxBytes)
            progress.append(try await runner.files.save(file, turn: turn.id, number: number, remote: remote))
        } catch {
            log.warning("A file of the agent cannot be delivered", ["reason": "\(error)"])
            progress.missFile()
        }
    }

    private func request(for question: AgentMessage, _ settings: AgentSettings) async -> AgentRequest {
        var messages: [AgentMessage] = []
        if settings.history == .host {
            let entries = (try? await store.read { [context = turn.context] in try $0.transcript(of: context) }) ?? []
            let files = runner.files
            messages = TranscriptWindow.fit(entries, limits: settings.transcript) { files.size(of: $0) }.map(\.message)
        }
        return AgentRequest(
            platformChatID: turn.context,
            runID: UUID().uuidString.lowercased(),
            messages: (messages + [question]).map(runner.files.resolved),
            surface: runtime.id.rawValue,
            kind: runtime.kind.rawValue
        )
    }

    // MARK: What failed

    private func next(after error: AgentError, attempt: Int, begun: Timestamp) -> Duration? {
        guard case .unreachable(let retryAfter, let reason) = error, !Task.isCancelled else { return nil }
        runner.health.note(.failing, reason: reason)
        return ReachSchedule.delay(
            attempt: attempt,
            retryAfter: retryAfter,
            elapsed: Timestamp.now.duration(since: begun)
        )
    }

    private func verdict(of error: AgentError) -> TurnRunner.Verdict? {
        switch error {
        case .cancelled: return nil
        case .unreachable(_, let reason):
            log.error("The agent was given up", ["reason": reason])
            return .unreachable
        case .refused(let refusal, let reason):
            runner.health.note(.failing, reason: reason)
            log.error("The agent refused the request", ["reason": reason])
            return .refused(refusal)
        case .unknownOutcome(let reason):
            runner.health.note(.failing, reason: reason)
            log.error("The agent’s answer was lost", ["reason": reason])
            return .lost
        }
    }

    /// Stores what a next attempt builds on, again until it succeeds; ends early when cancelled.
    private func persist(_ body: @escaping @Sendable (Database) throws -> Void) async {
        while true {
            do {
                return try await store.write(.full, body)
            } catch {
                log.error("A turn’s state cannot be stored", ["reason": "\(error)"])
                if Task.isCancelled { return }
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    // MARK: The question

    private struct QuestionFailure: Error {
        let verdict: TurnRunner.Verdict?
    }

    private func fetchQuestion() async -> Result<AgentMessage, QuestionFailure> {
        var parts: [AgentPart] = []
        let text = QuestionText.compose(turn.question)
        if !text.isEmpty { parts.append(.text(text)) }
        for (number, file) in turn.question.files.enumerated() {
            do throws(SurfaceError) {
                let kept = try await runner.files.fetch(
                    file,
                    from: runtime.surface,
                    turn: turn.id,
                    number: number,
                    limit: runner.attachments().maxBytes
                )
                parts.append(.file(kept))
            } catch {
                log.warning("A file could not be fetched", ["reason": "\(error)"])
                return .failure(QuestionFailure(verdict: fetchVerdict(error, file)))
            }
        }
        return .success(AgentMessage(id: "q\(turn.id)", role: .user, parts: parts))
    }

    private func fetchVerdict(_ error: SurfaceError, _ file: InboundFile) -> TurnRunner.Verdict? {
        switch error {
        case .cancelled: nil
        case .refused(.tooLarge, _): .fileTooLarge(file.name)
        default: .fileUnavailable(file.name)
        }
    }
}
