import AgentLink
import Basics
import Settings
import State
import SurfaceKit
import Words

/// Ends a turn: what was said is owed, what went wrong is told, and the transcript goes on, in one transaction.
struct TurnSettlement: Sendable {
    let turn: Turn
    let reply: GrowingReply

    /// How long an end waits for the typing indicator to go out, so that it does not stay beside the answer.
    private static let indicatorPatience = Duration.seconds(1)
    /// How long the end of a turn that is cut off is tried to be stored: a reload or a stop waits for it.
    private static let patienceWhenCut = Duration.seconds(3)

    /// What the end holds besides what is decided.
    private struct Content: Sendable {
        var pages: [MessageText] = []
        var files: [OutboundFile] = []
        var exchange: [AgentMessage] = []
    }

    /// - Parameter cutShort: Why the turn was ended from outside, if it was.
    /// How a turn ended, and where: its chat may have gone on as another one meanwhile.
    struct End: Sendable {
        let ending: TurnRecord.Ending
        let conversation: ConversationID
    }

    private var system: any System { turn.desk.system }

    /// - Returns: `nil` when the turn goes on at the next start, or had ended before.
    func settle(_ result: TurnCall.Result, cutShort: TurnRecord.Ending?) async -> End? {
        let limit = turn.desk.settings.current.attachments.maxBytes
        // Beside the rest: a messenger that does not answer must not hold up the end.
        async let indicator: Swift.Result<Void, Never>? = within(Self.indicatorPatience, on: system) {
            await TypingIndicator(turn: turn).end()
        }
        var end: End?
        if let plan = TurnPlan.make(result, cutShort: cutShort, reply, limit: limit) {
            end = await store(plan, result.question)
        }
        _ = await indicator
        return end
    }

    private func store(_ whole: TurnPlan, _ question: FetchedQuestion?) async -> End? {
        let content = await content(whole, question)
        var plan = whole
        let began = system.instant
        for failure in 1... {
            do {
                let conversation = try await turn.desk.store.write { [plan] state in
                    try write(plan, content, to: state)
                }
                guard let conversation else { return nil }
                turn.log.info("Turn ended", ["ending": plan.ending.rawValue, "bytes": reply.bytes])
                return End(ending: plan.ending, conversation: conversation)
            } catch {
                let fault = Fault(error)
                if case .row(.turn(turn.record.id), _) = fault, await restoreQuestion() { continue }
                guard case .temporary = fault else {
                    turn.log.error("The end of a turn cannot be stored as it is", ["reason": fault.reason])
                    guard let smaller = plan.smaller else { return nil }
                    plan = smaller
                    continue
                }
                turn.log.error("The end of a turn cannot be stored yet", ["reason": fault.reason])
                // The next start settles a turn whose end is not stored.
                let isOver = whole.ending == .cut && began.duration(to: system.instant) > Self.patienceWhenCut
                guard !isOver, (try? await system.sleep(for: Backoff.delay(attempt: min(failure, 3)))) != nil else {
                    return nil
                }
            }
        }
        return nil
    }

    /// The row of the turn cannot be read any more: what is known of its question is written anew.
    ///
    /// - Returns: Whether it can be read now.
    private func restoreQuestion() async -> Bool {
        let isRestored = try? await turn.desk.store.write { [record = turn.record] state in
            try state.setQuestion(record.question, of: record.id)
            return (try? state.turn(record.id)) != nil
        }
        if isRestored == true { turn.log.error("The row of a turn could not be read and was restored") }
        return isRestored == true
    }

    // MARK: Content

    private func content(_ plan: TurnPlan, _ question: FetchedQuestion?) async -> Content {
        var content = Content()
        if plan.pages != .untouched {
            let pages = await reply.pages()
            content.pages = pages.texts
            if pages.hasMore, case .complete = plan.pages { content.files += wholeAnswer() }
        }
        if plan.deliversFiles { content.files += reply.files }
        if plan.isRemembered, let question, turn.desk.settings.current.agent.history == .host {
            content.exchange =
                [question.message]
                + reply.messages.map { AgentMessage(id: $0.id, role: .assistant, parts: [.text($0.text)]) }
        }
        return content
    }

    private func wholeAnswer() -> [OutboundFile] {
        do {
            return [try AnswerFiles(turn: turn).keep(whole: reply.text)]
        } catch {
            turn.log.error("The whole of a long answer cannot be kept", ["reason": Fault(error).reason])
            return []
        }
    }

    // MARK: Writing

    /// - Returns: Where the turn ends by it; `nil` when it does not.
    private func write(_ plan: TurnPlan, _ content: Content, to state: any StateChanging) throws -> ConversationID? {
        guard let current = try state.turn(turn.record.id), current.state != .ended else { return nil }
        // A question that had not reached the agent went on to another context with its chat.
        guard current.context == turn.record.context else { return nil }
        // Nothing reached the agent: the question waits for the next start.
        if plan.ending == .cut, current.state == .waiting { return nil }
        let now = system.now
        try owe(plan.pages, content.pages, of: current, in: state, now)
        try state.forgetDrafts(of: current.id)
        for file in content.files where plan.deliversFiles {
            try state.owe(NewPost(.file(file), in: current.conversation, turn: current.id), now: now)
        }
        for notice in plan.notices { try say(.notice(notice), of: current, in: state, now) }
        if plan.isRemembered { try remember(content.exchange, of: current, in: state) }
        if let text = reply.firstText {
            try state.noteFirstText(of: current.id, at: now - text.duration(to: system.instant))
        }
        try state.endTurn(current.id, as: plan.ending, now: now)
        if plan.ending == .gone { _ = try state.dropPosts(in: current.conversation, now: now) }
        return current.conversation
    }

    private func owe(
        _ pages: TurnPlan.Pages,
        _ texts: [MessageText],
        of turn: TurnRecord,
        in state: any StateChanging,
        _ now: Timestamp
    ) throws {
        switch pages {
        case .untouched: break
        case .complete:
            for (page, text) in texts.enumerated() {
                let post = NewPost(
                    .text(text),
                    in: turn.conversation,
                    turn: turn.id,
                    page: page,
                    replyTo: page == 0 ? self.turn.replyTo : nil
                )
                try state.owe(post, now: now)
            }
            // A page that was shown and is no longer part of the answer stays as it is.
            _ = try state.keepPreviews(of: turn.id, now: now)
        case .asShown(let otherwise):
            let kept = try state.keepPreviews(of: turn.id, now: now)
            if kept.shown.isEmpty {
                if let otherwise { return try say(otherwise, of: turn, in: state, now) }
                return try owe(.complete, texts, of: turn, in: state, now)
            }
            // What people may have missed of what was said is said.
            for page in kept.uncertain.sorted() where page < texts.count {
                try state.owe(NewPost(.text(texts[page]), in: turn.conversation, turn: turn.id, page: page), now: now)
            }
        }
    }

    private func say(_ phrase: Phrase, of turn: TurnRecord, in state: any StateChanging, _ now: Timestamp) throws {
        for text in self.turn.runtime.rules.messages(phrase, in: self.turn.conversation) {
            try state.owe(NewPost(.text(text), in: turn.conversation, turn: turn.id), now: now)
        }
    }

    /// Appends the exchange and drops what no longer fits.
    private func remember(_ exchange: [AgentMessage], of turn: TurnRecord, in state: any StateChanging) throws {
        // A context that was deleted meanwhile stays forgotten.
        guard !exchange.isEmpty, try state.context(turn.context) != nil else { return }
        try state.addToTranscript(exchange, of: turn.id, to: turn.context)
        let files = self.turn.desk.store.files
        let limits = self.turn.desk.settings.current.agent.transcript
        let transcript = try state.transcript(of: turn.context)
        for damaged in transcript.damaged { try state.forgetTranscript(of: damaged, in: turn.context) }
        let kept = TranscriptWindow.fit(transcript.entries, limits: limits) { files.size(of: $0) }
        try state.replaceTranscript(of: turn.context, by: kept, instead: transcript.entries)
    }
}
