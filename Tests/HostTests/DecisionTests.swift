import AgentLink
import SurfaceKit
import Testing

@testable import Host

@Suite("Decisions")
struct DecisionTests {
    @Test(
        arguments: [
            (.unavailable(retryAfter: .seconds(9), reason: ""), .retry(after: .seconds(9))),
            (.unavailable(retryAfter: .zero, reason: ""), .retry(after: .seconds(4))),
            (.unavailable(reason: ""), .retry(after: .seconds(4))),
            (.unknownOutcome(reason: ""), .retry(after: .seconds(4))),
            (.refused(.messageGone, reason: ""), .renew),
            (.refused(.other, reason: ""), .giveUp),
            (.unauthorized(reason: ""), .suspend),
        ] as [(SurfaceError, RetryPolicy.Decision)]
    )
    func `tries again only what may come to be`(error: SurfaceError, decision: RetryPolicy.Decision) {
        #expect(RetryPolicy.decide(after: error, attempt: 3, owedFor: .seconds(60)) == decision)
    }

    @Test func `gives up what could not be delivered for a day`() {
        let decision = RetryPolicy.decide(after: .unavailable(reason: ""), attempt: 3, owedFor: .seconds(86400))
        #expect(decision == .giveUp)
    }

    @Test func `tries an agent again after 1, 2, 4, 8, then each 15 s, for a minute`() {
        var elapsed = Duration.zero
        var delays: [Duration] = []
        while let delay = ReachSchedule.delay(attempt: delays.count + 1, retryAfter: nil, elapsed: elapsed) {
            delays.append(delay)
            elapsed += delay
        }

        #expect(delays == [1, 2, 4, 8, 15, 15, 15].map { .seconds($0) })
    }

    @Test func `obeys the agent’s own wish, within the minute`() {
        #expect(ReachSchedule.delay(attempt: 1, retryAfter: .seconds(7), elapsed: .zero) == .seconds(7))
        #expect(ReachSchedule.delay(attempt: 1, retryAfter: .seconds(120), elapsed: .zero) == nil)
        // A wish for none is no wish to be asked without pause.
        #expect(ReachSchedule.delay(attempt: 3, retryAfter: .zero, elapsed: .zero) == .seconds(4))
    }

    @Test(
        arguments: [
            ("/new", .new, ""), ("!NEW", .new, ""), ("/stop@bot", .stop, ""), ("!why  not ", .why, "not"),
        ] as [(String, ChatCommand, String)]
    )
    func `reads a command from the first word`(text: String, command: ChatCommand, argument: String) throws {
        let read = try #require(Intake.command(in: text))
        #expect(read.command == command)
        #expect(read.argument == argument)
    }

    @Test(arguments: ["new", "/unknown", "!", "/ new", "say /new", ""])
    func `takes everything else for an ordinary message`(text: String) {
        #expect(Intake.command(in: text) == nil)
    }
}
