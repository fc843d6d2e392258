import AgentLink
import Basics
import SurfaceKit
import Testing
import Words

@testable import Engine
@testable import State

@Suite("Turn plan")
struct TurnPlanTests {
    private static func reply(_ text: String? = "Half", isCut: Bool = false, missesFile: Bool = false) -> GrowingReply {
        let reply = GrowingReply(
            turn: TurnID(1),
            replyTo: nil,
            limit: Capabilities.TextLimit(maximum: 1000) { $0.source.count },
            workers: LayoutWorkers(OperatingSystem())
        )
        if let text { _ = reply.append(index: 0, message: "m", delta: text, at: .now) }
        if isCut {
            _ = reply.append(
                index: 0,
                message: "m",
                delta: String(repeating: "x", count: GrowingReply.largest),
                at: .now
            )
        }
        if missesFile { reply.missFile() }
        return reply
    }

    private func plan(
        _ verdict: TurnCall.Verdict?,
        _ reply: GrowingReply = reply(),
        cutShort: TurnRecord.Ending? = nil,
        missing: [String] = [],
        tooLarge: [String] = []
    ) -> TurnPlan? {
        let turn = TurnRecord(
            id: TurnID(1),
            conversation: ConversationID(1),
            context: ContextID(1),
            message: "m",
            sender: "ann",
            question: Question(text: "hi", files: []),
            state: .sent,
            acceptedAt: .now,
            triedAt: nil,
            attempts: 0,
            sentAt: nil,
            textAt: nil,
            endedAt: nil,
            ending: nil,
            answer: nil
        )
        let question = FetchedQuestion(turn, files: [], missing: missing, tooLarge: tooLarge)
        let result = TurnCall.Result(verdict: verdict, question: question)
        return TurnPlan.make(result, cutShort: cutShort, reply, limit: 100)
    }

    static let verdicts: [(TurnCall.Verdict, TurnRecord.Ending, Notice?)] = [
        (.ended(.finished), .answered, nil),
        (.ended(.waitsForConfirmation), .waitsForConfirmation, .agentWaitsForConfirmation(question: nil)),
        (
            .ended(.waitsForConfirmation, question: "Sure?"), .waitsForConfirmation,
            .agentWaitsForConfirmation(question: "Sure?")
        ),
        (.ended(.failed(code: "content_filter")), .failed, .agentWithheld),
        (.ended(.cancelled), .agentCancelled, .agentCancelled),
        (.ended(.failed(code: "THREAD_BUSY")), .failed, .agentFailed),
        (.ended(.truncated), .truncated, .agentCutOff),
        (.ended(.timedOut), .timedOut, .agentTimedOut),
        (.ended(.tooLarge), .tooLarge, .answerTooLarge),
        (.unreachable, .unreachable, .agentUnreachable),
        (.refused(.unauthorized), .refused, .agentRefusesCredentials),
        (.refused(.notFound(maySpeakWebSocketOnly: false)), .refused, .agentNotFound),
        (.refused(.unacceptable(status: 400)), .refused, .agentFailed),
        (.refused(.failure(status: 500)), .refused, .agentFailed),
        (.refused(.unsendable), .refused, .agentFailed),
        (.lost, .truncated, .agentCutOff),
    ]

    @Test(arguments: verdicts)
    func `says all that was said and one notice of what went wrong`(
        verdict: TurnCall.Verdict,
        ending: TurnRecord.Ending,
        notice: Notice?
    ) throws {
        let plan = try #require(self.plan(verdict))

        #expect(plan.ending == ending)
        #expect(plan.notices == [notice].compactMap { $0 })
        #expect(plan.pages == .complete)
        #expect(plan.deliversFiles)
        #expect(plan.isRemembered, "what was said is remembered")
    }

    @Test(arguments: verdicts)
    func `remembers no question to which nothing was said`(
        verdict: TurnCall.Verdict,
        ending: TurnRecord.Ending,
        notice: Notice?
    ) throws {
        let plan = try #require(self.plan(verdict, Self.reply(nil)))

        #expect(!plan.isRemembered)
        if case .ended(.finished, _) = verdict {
            #expect(plan.ending == .empty)
            #expect(plan.notices == [.agentSilent])
        } else {
            #expect(plan.ending == ending)
            #expect(plan.notices == [notice].compactMap { $0 })
        }
    }

    @Test func `takes a file without words for an answer`() throws {
        let reply = Self.reply(nil)
        reply.append(OutboundFile(path: "1/a1", kind: .image, name: "a.png", mimeType: "image/png", size: 1))

        let plan = try #require(self.plan(.ended(.finished), reply))

        #expect(plan.ending == .answered)
        #expect(plan.notices == [])
    }

    @Test func `tells of everything that is not there`() throws {
        let plan = try #require(
            self.plan(
                .ended(.finished),
                Self.reply(isCut: true, missesFile: true),
                missing: ["a.png", "b.png"],
                tooLarge: ["c.png"]
            )
        )

        #expect(
            plan.notices == [
                .answerTooLarge, .attachmentUndeliverable, .fileTooLarge(name: "c.png", limit: 100),
                .filesMissing(names: ["a.png", "b.png"]),
            ]
        )
    }

    @Test func `keeps what is shown when a person stops the turn, or says one line`() throws {
        let spoken = try #require(plan(nil, cutShort: .stopped))
        let silent = try #require(plan(nil, Self.reply(nil), cutShort: .stopped))

        #expect(spoken.pages == .asShown(otherwise: nil))
        #expect(spoken.isRemembered)
        #expect(silent.pages == .asShown(otherwise: .stoppedSilently))
        #expect(!silent.isRemembered)
        #expect([spoken, silent].allSatisfy { $0.ending == .stopped && $0.notices.isEmpty })
    }

    @Test func `tells when the host ends the turn, and remembers what was said`() throws {
        let plan = try #require(self.plan(nil, cutShort: .cut))

        #expect(plan.ending == .cut)
        #expect(plan.pages == .complete)
        #expect(plan.notices == [.hostRestarted])
        #expect(plan.isRemembered)
    }

    @Test(arguments: [TurnRecord.Ending.gone, .withdrawn])
    func `says nothing to who is gone or took the question back`(ending: TurnRecord.Ending) throws {
        let plan = try #require(self.plan(nil, cutShort: ending))

        #expect(plan.ending == ending)
        #expect(plan.notices == [])
        #expect(!plan.isRemembered)
        #expect(plan.pages == (ending == .gone ? .untouched : .asShown(otherwise: nil)))
    }

    @Test func `goes by the agent’s own end when that came first`() throws {
        #expect(try #require(plan(.ended(.finished), cutShort: .stopped)).ending == .answered)
    }

    @Test func `goes on at the next start when nothing ended it`() {
        #expect(plan(nil) == nil)
    }

    @Test(arguments: verdicts)
    func `gets smaller: without the transcript, then state and notice, then the state alone`(
        verdict: TurnCall.Verdict,
        ending: TurnRecord.Ending,
        notice: Notice?
    ) throws {
        let whole = try #require(plan(verdict))
        let smaller = try #require(whole.smaller)
        let told = try #require(smaller.smaller)
        let smallest = try #require(told.smaller)

        #expect(!smaller.isRemembered)
        #expect(smaller.ending == whole.ending)
        #expect(smaller.pages == whole.pages)
        for plan in [told, smallest] {
            #expect(plan.ending == .failed)
            #expect(plan.pages == .untouched)
            #expect(!plan.deliversFiles && !plan.isRemembered)
        }
        #expect(told.notices == [.agentFailed])
        #expect(smallest.notices == [])
        #expect(smallest.smaller == nil)
    }
}
