import SurfaceKit
import Testing

@testable import Engine

@Suite("Rate budget")
struct RateBudgetTests {
    private let account = RateLimit(scope: .account, burst: 10, perSecond: 0.2, reserve: 5, mayBeLifted: true)
    private let start = ContinuousClock.now

    @Test func `lets previews spend all but the reserve, then as fast as tokens come back`() {
        let budget = RateBudget(limits: [account], wishes: false)

        for _ in 0..<5 {
            #expect(budget.previewDelay(in: "a", kind: .direct, now: start) == .zero)
            budget.spend(in: "a", kind: .direct, now: start)
        }

        #expect(budget.previewDelay(in: "b", kind: .direct, now: start) == .seconds(5))
        #expect(budget.previewDelay(in: "b", kind: .direct, now: start + .seconds(5)) == .zero)
    }

    @Test func `sends nothing before the messenger allows it, exactly`() {
        let budget = RateBudget(limits: [account], wishes: true)

        budget.limited(for: .milliseconds(4444), in: "a", now: start)

        #expect(budget.pause(in: "b", kind: .direct, now: start) == .milliseconds(4444))
        #expect(budget.pause(in: "b", kind: .direct, now: start + .milliseconds(4444)) == .zero)
    }

    @Test func `waits also when the messenger objects without naming a time`() {
        let budget = RateBudget(limits: [account], wishes: true)

        budget.limited(for: nil, in: "a", now: start)

        #expect(budget.pause(in: "a", kind: .direct, now: start) >= .seconds(1))
    }

    @Test func `tries a wished pace until the messenger objects`() {
        let budget = RateBudget(limits: [account], wishes: true)
        for _ in 0..<20 { budget.spend(in: "a", kind: .direct, now: start) }
        #expect(budget.previewDelay(in: "a", kind: .direct, now: start) == .zero)

        budget.limited(for: .seconds(1), in: "a", now: start)

        #expect(budget.previewDelay(in: "a", kind: .direct, now: start + .seconds(2)) > .seconds(20))
    }

    @Test func `learns that a limit is lifted from sends beyond it`() {
        let budget = RateBudget(limits: [account], wishes: false)

        for _ in 0..<13 {
            budget.spend(in: "a", kind: .direct, now: start)
            budget.accepted(in: "a")
        }

        #expect(budget.previewDelay(in: "a", kind: .direct, now: start) == .zero)
    }

    @Test func `keeps chats and groups apart`() {
        let limits = [
            RateLimit(scope: .chat, burst: 1, perSecond: 1, reserve: 0),
            RateLimit(scope: .group, burst: 20, perSecond: 1.0 / 3, reserve: 19),
        ]
        let budget = RateBudget(limits: limits, wishes: false)

        budget.spend(in: "a", kind: .group, now: start)

        #expect(budget.previewDelay(in: "b", kind: .group, now: start) == .zero)
        #expect(budget.previewDelay(in: "a", kind: .group, now: start) == .seconds(3))
        budget.spend(in: "c", kind: .direct, now: start)
        #expect(budget.previewDelay(in: "c", kind: .direct, now: start) == .seconds(1))
    }

    @Test func `where each chat has its limit, waits only in the chat that the messenger named`() {
        let chat = RateLimit(scope: .chat, burst: 3, perSecond: 1, reserve: 1)
        let budget = RateBudget(limits: [chat], wishes: false)

        budget.limited(for: .seconds(21), in: "a", now: start)

        #expect(budget.pause(in: "a", kind: .direct, now: start) == .seconds(21))
        #expect(budget.previewDelay(in: "a", kind: .direct, now: start) == .seconds(21))
        #expect(budget.pause(in: "b", kind: .direct, now: start) == .zero)
    }

    @Test func `paces what must arrive where the messenger surely would object`() {
        let group = RateLimit(scope: .group, burst: 2, perSecond: 0.5, reserve: 1)
        let budget = RateBudget(limits: [group], wishes: false)

        for _ in 0..<2 { budget.spend(in: "g", kind: .group, now: start) }

        #expect(budget.pause(in: "g", kind: .group, now: start) == .seconds(2))
        #expect(budget.pause(in: "g", kind: .direct, now: start) == .zero)
    }
}
