import AgentLink
import State
import SurfaceKit
import Words

/// What is decided about the end of a turn, from what came of it.
struct TurnPlan: Hashable, Sendable {
    /// What the messages of the answer hold in the end.
    enum Pages: Hashable, Sendable {
        /// All that the agent said.
        case complete
        /// What is shown stays as it is; when nothing is, all that was said, or else this phrase.
        case asShown(otherwise: Phrase?)
        /// Whatever the messages hold, they stay as they are.
        case untouched
    }

    var ending: TurnRecord.Ending
    var pages: Pages
    var notices: [Notice] = []
    /// Whether the exchange joins the transcript: only when the agent said something.
    ///
    /// A question alone would make two of them in a row, and one that was never accepted would be refused each time.
    var isRemembered: Bool
    /// Whether the files of the answer are delivered.
    var deliversFiles = true

    /// Decides.
    ///
    /// - Parameters:
    ///   - cutShort: Why the turn was ended from outside, if it was.
    ///   - limit: Largest file that is accepted, in bytes.
    /// - Returns: `nil` when the turn goes on at the next start.
    static func make(
        _ result: TurnCall.Result,
        cutShort: TurnRecord.Ending?,
        _ reply: GrowingReply,
        limit: Int
    ) -> TurnPlan? {
        guard var plan = base(result.verdict, cutShort, reply) else { return nil }
        plan.isRemembered = plan.isRemembered && !reply.isEmpty
        if plan.pages == .complete {
            if reply.isCut, !plan.notices.contains(.answerTooLarge) { plan.notices.append(.answerTooLarge) }
            if reply.missesFile { plan.notices.append(.attachmentUndeliverable) }
        }
        if result.verdict != nil, let question = result.question {
            plan.notices += question.tooLarge.map { .fileTooLarge(name: $0, limit: limit) }
            if !question.missing.isEmpty { plan.notices.append(.filesMissing(names: question.missing)) }
        }
        return plan
    }

    private static func base(
        _ verdict: TurnCall.Verdict?,
        _ cutShort: TurnRecord.Ending?,
        _ reply: GrowingReply
    ) -> TurnPlan? {
        switch verdict {
        case .ended(let ending, let question): ended(ending, question, reply)
        case .unreachable: failed(.unreachable, .agentUnreachable)
        case .refused(let refusal): failed(.refused, notice(of: refusal))
        case .lost: failed(.truncated, .agentCutOff)
        case nil: cutShort.map { cut($0, reply) }
        }
    }

    private static func ended(
        _ ending: AgentOutcome.Ending,
        _ question: String?,
        _ reply: GrowingReply
    ) -> TurnPlan {
        switch ending {
        case .finished:
            let isSilent = reply.isEmpty && reply.files.isEmpty && !reply.missesFile
            return isSilent
                ? failed(.empty, .agentSilent) : TurnPlan(ending: .answered, pages: .complete, isRemembered: true)
        case .waitsForConfirmation: return failed(.waitsForConfirmation, .agentWaitsForConfirmation(question: question))
        case .cancelled: return failed(.agentCancelled, .agentCancelled)
        case .failed(AgentErrorCode.filtered?): return failed(.failed, .agentWithheld)
        case .failed: return failed(.failed, .agentFailed)
        case .truncated: return failed(.truncated, .agentCutOff)
        case .timedOut: return failed(.timedOut, .agentTimedOut)
        case .tooLarge: return failed(.tooLarge, .answerTooLarge)
        }
    }

    private static func failed(_ ending: TurnRecord.Ending, _ notice: Notice) -> TurnPlan {
        TurnPlan(ending: ending, pages: .complete, notices: [notice], isRemembered: true)
    }

    private static func cut(_ ending: TurnRecord.Ending, _ reply: GrowingReply) -> TurnPlan {
        switch ending {
        case .stopped:
            TurnPlan(
                ending: .stopped,
                pages: .asShown(otherwise: reply.isEmpty ? .stoppedSilently : nil),
                isRemembered: true
            )
        case .cut: failed(.cut, .hostRestarted)
        case .gone:
            TurnPlan(ending: .gone, pages: .untouched, isRemembered: false, deliversFiles: false)
        default: TurnPlan(ending: ending, pages: .asShown(otherwise: nil), isRemembered: false)
        }
    }

    private static func notice(of refusal: AgentError.Refusal) -> Notice {
        switch refusal {
        case .unauthorized: .agentRefusesCredentials
        case .notFound: .agentNotFound
        case .unacceptable, .failure, .unsendable: .agentFailed
        }
    }

    /// The next smaller form of an end that cannot be stored: without the transcript, then state and notice, then the
    /// state alone.
    var smaller: TurnPlan? {
        var smaller = self
        if isRemembered {
            smaller.isRemembered = false
            return smaller
        }
        if pages != .untouched || deliversFiles {
            return TurnPlan(
                ending: .failed,
                pages: .untouched,
                notices: [.agentFailed],
                isRemembered: false,
                deliversFiles: false
            )
        }
        guard !notices.isEmpty else { return nil }
        smaller.notices = []
        return smaller
    }
}
