import AgentLink
import Basics
import Metrics
import Settings
import State
import SurfaceKit

/// The exchange of one turn with the agent.
struct TurnCall: Sendable {
    let turn: Turn
    let reply: GrowingReply
    let stage: Stage
    let delivering: Lane
    let readySince: Timestamp

    /// How the part of a turn that can be cut short came out.
    struct Result: Sendable {
        /// `nil` when it was cut short.
        var verdict: Verdict?
        /// The question as the agent was asked it, once its files are there.
        var question: FetchedQuestion?
    }

    enum Verdict: Sendable {
        /// With what the agent waits to be told, if it does.
        case ended(AgentOutcome.Ending, question: String? = nil)
        case unreachable
        case refused(AgentError.Refusal)
        /// Sent, and nothing came back.
        case lost
    }

    private var desk: ConversationDesk { turn.desk }
    private var log: Log { turn.log }
    private var system: any System { turn.desk.system }

    /// Fetches, asks and listens to the end.
    ///
    /// Ends early when cancelled.
    func converse() async -> Result {
        guard var question = await QuestionFiles(turn: turn).fetch() else { return Result(verdict: nil) }
        let verdict = await ask(&question)
        return Result(verdict: verdict, question: question)
    }

    private func ask(_ question: inout FetchedQuestion) async -> Verdict? {
        var attempt = turn.record.attempts
        // Time that went into fetching files is not the agent's.
        let begun = turn.record.question.files.isEmpty ? turn.record.triedAt ?? system.now : system.now
        while !Task.isCancelled {
            attempt += 1
            // A person may have corrected it while its files were fetched, or the agent was away.
            if attempt > turn.record.attempts + 1 || !turn.record.question.files.isEmpty {
                await correct(&question)
            }
            let watch = RunWatch(turn.runtime.metrics, on: system, readySince: attempt == 1 ? readySince : nil)
            do throws(AgentError) {
                let outcome = try await run(question, watch)
                watch.ended(outcome.ending)
                return .ended(outcome.ending, question: openQuestion(after: outcome))
            } catch {
                watch.ended(error)
                guard let delay = delay(after: error, attempt: attempt, begun: begun) else {
                    return verdict(of: error)
                }
                log.warning(
                    "The agent cannot be reached",
                    ["retrySeconds": delay.inSeconds, "attempt": attempt, "reason": error.reason]
                )
                await note(failedAttempt: attempt)
                try? await system.sleep(for: delay)
            }
        }
        return nil
    }

    private func correct(_ question: inout FetchedQuestion) async {
        // One that cannot be read is asked as it was.
        let current = try? await desk.store.read { [id = turn.record.id] in try $0.turn(id) }
        if let current { question.correct(to: current.question) }
    }

    // MARK: One attempt

    private func run(
        _ question: FetchedQuestion,
        _ watch: RunWatch
    ) async throws(AgentError) -> AgentOutcome {
        let settings = desk.settings.current.agent
        let request = await request(for: question.message, settings)
        log.info("Agent asked", ["run": request.runID, "messages": request.messages.count])
        let run = try await settings.api.run(request) {
            [system, store = desk.store, record = turn.record, turns = turn.runtime.metrics.turns] in
            let now = system.now
            guard try await store.write({ try $0.beginTurn(record, now: now) }) else { throw CancellationError() }
            turns.began(record.id)
            watch.sent()
        }
        desk.agent.note(.ok)
        stage.grow(reply)
        var received = 0
        var isUntouched = true
        for try await event in run {
            switch event {
            case .started: break
            case .activity: isUntouched = false
            case .attachmentLost:
                isUntouched = false
                reply.missFile()
            case .text(let index, let message, let delta):
                isUntouched = false
                if reply.append(index: index, message: message, delta: delta, at: system.instant) {
                    log.info("Agent answering", ["run": request.runID])
                    watch.firstText()
                }
                delivering.wake()
            case .attachment(let file):
                isUntouched = false
                received += 1
                await AnswerFiles(turn: turn).keep(file, number: received, for: reply)
            case .ended(let outcome):
                // It has done nothing yet: as if it had refused the request.
                if isUntouched, case .failed(let code) = outcome.ending, AgentErrorCode.isBusy(code) {
                    throw .unreachable(retryAfter: nil, reason: "the agent is busy (\(code ?? ""))")
                }
                return outcome
            }
        }
        return AgentOutcome(ending: .truncated, messages: [])
    }

    /// What the agent waits to be told: as it says now, else as it said before.
    private func openQuestion(after outcome: AgentOutcome) -> String? {
        let context = turn.record.context.number
        guard outcome.ending == .waitsForConfirmation else {
            // One that is answered, or that the agent has given up, is not shown again.
            if outcome.ending == .finished { desk.questions.close(context) }
            return nil
        }
        if let question = outcome.question { desk.questions.open(question, in: context) }
        return desk.questions.question(in: context)
    }

    private func request(for question: AgentMessage, _ settings: AgentSettings) async -> AgentRequest {
        var messages: [AgentMessage] = []
        if settings.history == .host { messages = await history(within: settings.transcript) }
        return AgentRequest(
            platformChatID: turn.record.context.number,
            runID: system.randomUUID(),
            messages: (messages + [question]).map(desk.store.files.resolved),
            surface: turn.runtime.id.rawValue,
            kind: turn.runtime.kind.rawValue
        )
    }

    private func history(within limits: TranscriptLimits) async -> [AgentMessage] {
        let files = desk.store.files
        do {
            let transcript = try await desk.store.read { [context = turn.record.context] in
                try $0.transcript(of: context)
            }
            if !transcript.damaged.isEmpty {
                log.error(
                    "Part of a conversation cannot be read and is not shown to the agent",
                    [
                        "rows": transcript.damaged.sorted().map { DamagedRow.turn($0).description }.joined(
                            separator: ", "
                        )
                    ]
                )
            }
            return TranscriptWindow.fit(transcript.entries, limits: limits) { files.size(of: $0) }.map(\.message)
        } catch {
            log.error("The conversation cannot be read: the agent is asked without it", ["reason": Fault(error).reason])
            return []
        }
    }

    // MARK: What failed

    private func delay(after error: AgentError, attempt: Int, begun: Timestamp) -> Duration? {
        guard case .unreachable(let retryAfter, let reason) = error, !Task.isCancelled else { return nil }
        desk.agent.note(.failing, reason: reason)
        return ReachSchedule.delay(
            attempt: attempt,
            retryAfter: retryAfter,
            elapsed: system.now.duration(since: begun)
        )
    }

    private func verdict(of error: AgentError) -> Verdict? {
        switch error {
        case .cancelled: return nil
        case .unreachable(_, let reason):
            log.error("The agent was given up", ["reason": reason])
            return .unreachable
        case .refused(let refusal, let reason):
            desk.agent.note(.failing, reason: reason)
            log.error("The agent refused the request", ["reason": reason])
            return .refused(refusal)
        case .timedOut(let reason):
            desk.agent.note(.failing, reason: reason)
            log.error("The agent took too long to answer", ["reason": reason])
            return .ended(.timedOut)
        case .unknownOutcome(let reason):
            desk.agent.note(.failing, reason: reason)
            log.error("The agent’s answer was lost", ["reason": reason])
            return .lost
        }
    }

    /// Stores that nothing was taken, again until it succeeds: else the next attempt would find the question with the
    /// agent.
    private func note(failedAttempt attempt: Int) async {
        turn.runtime.metrics.turns.returned(turn.record.id)
        for failure in 1... {
            do {
                return try await desk.store.write { [record = turn.record, now = system.now] in
                    try $0.noteFailedAttempt(at: record, now: now)
                }
            } catch {
                log.error("A failed attempt cannot be stored", ["attempt": attempt, "reason": Fault(error).reason])
                guard (try? await system.sleep(for: Backoff.delay(attempt: failure))) != nil else { return }
            }
        }
    }
}

extension Duration {
    /// For fields of the log whose key names the unit.
    var inSeconds: Double { (self / .seconds(1) * 1000).rounded() / 1000 }
}
