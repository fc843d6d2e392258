import Basics
import State
import SurfaceKit
import Testing

@testable import Metrics

@Suite("History")
struct HistoryTests {
    private func time(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1000) }

    @Test func `keeps one point a minute, an hour of them, and the minute that runs`() {
        let history = History(since: .now)
        let metrics = HostMetrics()
        let surface = metrics.surface("a", "recording")
        history.begin(with: metrics.totals, at: time(0))
        for minute in 1...70 {
            surface.messages.add(minute)
            history.endMinute(with: metrics.totals, at: time(Int64(minute) * 60))
        }
        surface.messages.add(5)

        let minutes = history.minutes(until: metrics.totals, at: time(70 * 60 + 12))

        #expect(minutes.map { $0.messages["a"] } == (11...70).map { $0 } + [5])
        #expect(minutes.last?.length == .seconds(12))
        #expect(minutes.dropLast().allSatisfy { $0.length == .seconds(60) })
    }

    @Test func `tells answers from notices, and leaves out what people ended themselves`() {
        let history = History(since: .now)
        let metrics = HostMetrics()
        history.begin(with: metrics.totals, at: time(0))
        for ending in TurnRecord.Ending.allCases { metrics.surface("a", "recording").turns.count(ending) }

        let minute = history.minutes(until: metrics.totals, at: time(1)).last

        #expect(minute?.answered == 2)
        #expect(minute?.unanswered == TurnRecord.Ending.allCases.count - 5)
    }

    @Test(arguments: [
        (0.5, [10, 0, 0], 0.05), (1.0, [10, 0, 0], 0.1), (0.95, [0, 20, 0], 0.955), (0.5, [1, 1, 8], 1.0),
        (0.25, [1, 3, 0], 0.1),
    ])
    func `estimates within which time things were done`(share: Double, counts: [Int], wanted: Double) throws {
        var snapshot = Histogram.Snapshot(bounds: [0.1, 1])
        snapshot.counts = counts

        let seconds = try #require(snapshot.quantile(share))

        #expect(abs(seconds - wanted) < 1e-9)
    }

    @Test func `knows no time when nothing was done`() {
        #expect(Histogram.Snapshot(bounds: [1]).quantile(0.5) == nil)
    }
}

@Suite("Recent troubles")
struct RecentTroublesTests {
    private func line(_ phrase: String, _ fields: [(key: String, value: String)] = []) -> Log.Line {
        Log.Line(level: .warning, phrase: phrase, fields: fields.map { ($0.key, .text($0.value)) })
    }

    @Test func `keeps the last twenty, newest first`() {
        let troubles = RecentTroubles()
        for number in 1...25 { troubles.note(line("\(number)"), at: .now) }

        #expect(troubles.newest.map(\.line.phrase) == (6...25).reversed().map { "\($0)" })
    }

    @Test func `counts repetitions instead of keeping them`() {
        let troubles = RecentTroubles()
        troubles.note(line("lost", [("surface", "a"), ("retry", "1")]), at: .now)
        troubles.note(line("lost", [("surface", "b")]), at: .now)
        for retry in 2...9 { troubles.note(line("lost", [("surface", "a"), ("retry", "\(retry)")]), at: .now) }

        #expect(troubles.newest.map(\.count) == [9, 1])
        #expect(troubles.newest[0].line.fields.last?.value == "9")
    }

    @Test func `keeps no more of a line than fits on a page`() {
        let troubles = RecentTroubles()
        let fields = (0..<50).map { (key: "k\($0)", value: String(repeating: "x", count: 10_000)) }
        troubles.note(line("long", fields), at: .now)

        let kept = troubles.newest[0].line.fields
        #expect(kept.count == 12)
        #expect(kept.allSatisfy { $0.value.description.count == 301 })
    }

    @Test func `sees warnings that the log itself leaves out`() {
        let metrics = HostMetrics()
        let log = Log(minimum: .error) { _ in Issue.record("a warning was written") }
            .observed(from: .warning, by: metrics.note)

        log.with(["surface": "a"]).warning("Degraded")
        log.info("Changed")

        #expect(metrics.troubles.newest.map(\.line.phrase) == ["Degraded"])
        #expect(metrics.logLines[.warning] == 1)
    }
}
