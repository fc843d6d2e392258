import Testing

@testable import Engine

@Suite("Reach schedule")
struct ReachScheduleTests {
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
}
