import AgentLink
import Basics
import SurfaceKit

/// Ends a turn: what was said is owed, what went wrong is told, and the transcript goes on, in one transaction.
struct TurnEnding: Sendable {
    let call: TurnCall
    let progress: ReplyProgress

    private var turn: TurnRecord { call.turn }

    /// What is decided about a turn’s end.
    private struct Plan: Sendable {
        var ending: TurnRecord.Ending
        var pages: Pages
        var notice: Notice?
        var transcript: [AgentMessage]?

        enum Pages: Sendable {
            /// All that the agent said.
            case complete([MessageText])
            /// What is shown stays as it is; `otherwise` when nothing is.
            case asShown(otherwise: [MessageText], silent: Phrase?)
            /// Whatever the messages hold, they stay as they are.
            case none
        }

        /// The next smaller form of an end that cannot be stored: without the transcript, then state and notice only.
        var smaller: Plan? {
            var smaller = self
            if transcript != nil {
                smaller.transcript = nil
            } else if case .none = pages {
                return nil
            } else {
                smaller = Plan(ending: .failed, pages: .none, notice: .agentFailed, transcript: nil)
            }
            return smaller
        }
    }

    /// How long an end waits for the typing indicator to go out, so that it does not stay beside the answer.
    private static let indicatorPatience = Duration.seconds(1)
    /// How long the end of a turn that is cut off is tried to be stored: a reload or a stop waits for it.
    private static let patienceWhenCut = Duration.seconds(3)

    /// - Parameter cutShort: Why the turn was ended from outside, if it was.
    func settle(_ verdict: TurnRunner.Verdict?, cutShort: TurnRecord.Ending?) async {
        // Beside the rest: a messenger that does not answer must not hold up the end.
        async let indicator: Result<Void, Never>? = within(Self.indicatorPatience) { await call.type(false, 0) }
        if let plan = plan(verdict, cutShort) { await store(plan) }
        _ = await indicator
    }

    /// Stores the end; one that cannot be stored for a reason of its own ends in the smallest form, with a notice.
    private func store(_ whole: Plan) async {
        var plan = whole
        let cut = whole.ending == .cut ? ContinuousClock.now : nil
        let files = plan.ending == .gone ? [] : progress.files
        call.log.info("The turn ended", ["ending": plan.ending.rawValue, "characters": progress.text.count])
        while true {
            do {
                let ended = try await call.runner.store.write { [plan] database in
                    try write(plan, files, to: database)
                }
                if ended { call.runtime.metrics.turns.add(plan.ending) }
                return
            } catch let error as StoreError where error.isTemporary {
                call.log.error("The end of a turn cannot be stored yet", ["reason": "\(error)"])
                // The next start settles a turn whose end is not stored.
                if Task.isCancelled || cut.map({ $0.duration(to: .now) > Self.patienceWhenCut }) ?? false { return }
                try? await Task.sleep(for: .seconds(1))
            } catch {
                call.log.error("The end of a turn cannot be stored as it is", ["reason": "\(error)"])
                guard let smaller = plan.smaller else { return }
                plan = smaller
            }
        }
    }

    // MARK: Deciding

    private func plan(_ verdict: TurnRunner.Verdict?, _ cutShort: TurnRecord.Ending?) -> Plan? {
        if let cutShort, verdict == nil { return plan(cutShort: cutShort) }
        guard let verdict else { return nil }
        switch verdict {
        case .ended(let outcome): return plan(outcome)
        case .unreachable: return failure(.unreachable, .agentUnreachable)
        case .refused(let refusal): return failure(.refused, phrase(for: refusal))
        case .lost: return failure(.truncated, .agentCutOff)
        case .fileUnavailable(let name): return failure(.filesUnavailable, .fileUnavailable(name: name))
        case .fileTooLarge(let name):
            let limit = call.runner.attachments().maxBytes
            return failure(.filesUnavailable, .fileTooLarge(name: name, limit: limit))
        }
    }

    private func plan(_ outcome: AgentOutcome) -> Plan {
        let (ending, notice) = judge(outcome.ending)
        let hasSomething = !progress.text.isEmpty || !progress.files.isEmpty || progress.missesFile
        let silent = ending == .answered && !hasSomething
        return Plan(
            ending: silent ? .empty : ending,
            pages: .complete(progress.pages),
            notice: silent ? .agentSilent : notice ?? (progress.missesFile ? .attachmentUndeliverable : nil),
            transcript: outcome.messages.isEmpty ? spoken : outcome.messages
        )
    }

    private func judge(_ ending: AgentOutcome.Ending) -> (TurnRecord.Ending, Notice?) {
        switch ending {
        case .finished: (.answered, nil)
        case .waitsForConfirmation: (.waitsForConfirmation, .agentWaitsForConfirmation)
        case .cancelled: (.agentCancelled, .agentCancelled)
        case .failed: (.failed, .agentFailed)
        case .truncated: (.truncated, .agentCutOff)
        case .timedOut: (.timedOut, .agentTimedOut)
        case .tooLarge: (.tooLarge, .answerTooLarge)
        }
    }

    private func failure(_ ending: TurnRecord.Ending, _ notice: Notice) -> Plan {
        Plan(ending: ending, pages: .complete(progress.pages), notice: notice, transcript: spoken)
    }

    private func plan(cutShort ending: TurnRecord.Ending) -> Plan? {
        switch ending {
        case .stopped:
            let silent: Phrase? = progress.text.isEmpty ? .stoppedSilently : nil
            return Plan(
                ending: .stopped,
                pages: .asShown(otherwise: progress.pages, silent: silent),
                notice: nil,
                transcript: spoken
            )
        case .cut: return failure(.cut, .hostRestarted)
        default: return Plan(ending: ending, pages: .asShown(otherwise: [], silent: nil), notice: nil, transcript: nil)
        }
    }

    private func phrase(for refusal: AgentError.Refusal) -> Notice {
        switch refusal {
        case .unauthorized: .agentRefusesCredentials
        case .notFound: .agentNotFound
        case .unacceptable, .failure, .unsendable: .agentFailed
        }
    }

    /// What the agent said, when it gave no messages of its own.
    private var spoken: [AgentMessage] {
        let text = progress.text
        return text.isEmpty ? [] : [AgentMessage(id: "a\(turn.id)", role: .assistant, parts: [.text(text)])]
    }

    // MARK: Writing

    /// - Returns: Whether the turn ends by it.
    private func write(_ plan: Plan, _ files: [OutboundFile], to database: Database) throws -> Bool {
        guard let current = try database.turn(turn.id), current.state != .ended else { return false }
        // A question that had not reached the agent went on to another context with its chat.
        guard current.context == turn.context else { return false }
        // Nothing reached the agent: the question waits for the next start.
        if plan.ending == .cut, current.state == .waiting { return false }
        let now = Timestamp.now
        try queuePages(plan.pages, of: current, in: database, now)
        try database.forgetDrafts(of: turn.id)
        for file in files {
            try database.queuePost(.file(file), in: current.conversation, turn: turn.id, now: now)
        }
        if let notice = plan.notice { try queue(.notice(notice), of: current, in: database, now) }
        if let transcript = plan.transcript { try remember(transcript, in: database) }
        try database.endTurn(turn.id, as: plan.ending, now: now)
        if plan.ending == .gone { _ = try database.dropPosts(in: current.conversation, now: now) }
        return true
    }

    private func queuePages(_ pages: Plan.Pages, of turn: TurnRecord, in database: Database, _ now: Timestamp) throws {
        switch pages {
        case .none: break
        case .complete(let texts):
            for (page, text) in texts.enumerated() {
                let replyTo = page == 0 ? call.replyTo : nil
                try database.queuePage(page, of: turn, content: .text(text), replyTo: replyTo, now: now)
            }
            // A page that was shown and is no longer part of the answer stays as it is.
            try database.keepPreviews(of: turn.id, now: now)
        case .asShown(let otherwise, let silent):
            guard try database.keepPreviews(of: turn.id, now: now).isEmpty else { return }
            if let silent { return try queue(silent, of: turn, in: database, now) }
            try queuePages(.complete(otherwise), of: turn, in: database, now)
        }
    }

    private func queue(_ phrase: Phrase, of turn: TurnRecord, in database: Database, _ now: Timestamp) throws {
        let language = Language(tag: call.conversation.language) ?? call.runtime.rules.language
        let text = phrase.text(in: language, prefix: call.runtime.rules.prefix)
        try database.queuePost(
            .text(MessageText(text, format: .plain)),
            in: turn.conversation,
            turn: turn.id,
            now: now
        )
    }

    /// Appends the exchange and drops what no longer fits.
    private func remember(_ messages: [AgentMessage], in database: Database) throws {
        // A context that was deleted meanwhile stays forgotten.
        guard let question = progress.question, try database.context(turn.context) != nil else { return }
        try database.append([question] + messages, of: turn.id, to: turn.context)
        let entries = try database.transcript(of: turn.context)
        let files = call.runner.files
        let kept = TranscriptWindow.fit(entries, limits: call.runner.settings().transcript) { files.size(of: $0) }
        if let first = kept.first { try database.dropTranscript(of: turn.context, before: first.turn) }
    }
}
