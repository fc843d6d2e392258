import Basics
import State
import Synchronization
import Testing

@testable import Engine

@Suite("Lane", .timeLimit(.minutes(1)))
struct LaneTests {
    private struct Failure: Error {}

    /// Does in each step what the test says.
    private final class Work: LaneWork {
        typealias Step = @Sendable (_ number: Int, Lane) async throws -> Lane.Outcome

        private let script: Step
        private let counts = Mutex((steps: 0, atOnce: 0, mostAtOnce: 0))
        private let recovered = Mutex<[Fault]>([])

        init(_ script: @escaping Step) { self.script = script }

        var steps: Int { counts.withLock { $0.steps } }
        var mostAtOnce: Int { counts.withLock { $0.mostAtOnce } }
        var faults: [Fault] { recovered.withLock { $0 } }

        func step(on lane: Lane) async throws -> Lane.Outcome {
            let number = counts.withLock { counts in
                counts.steps += 1
                counts.atOnce += 1
                counts.mostAtOnce = max(counts.mostAtOnce, counts.atOnce)
                return counts.steps
            }
            defer { counts.withLock { $0.atOnce -= 1 } }
            return try await script(number, lane)
        }

        func recover(from fault: Fault) async { recovered.withLock { $0.append(fault) } }
    }

    /// How much there was to do, and how much of it was seen.
    private final class Tally: Sendable {
        private let state = Mutex((wanted: 0, seen: 0))

        var wanted: Int { state.withLock { $0.wanted } }
        var seen: Int { state.withLock { $0.seen } }

        func want() { state.withLock { $0.wanted += 1 } }
        func note(seen: Int) { state.withLock { $0.seen = seen } }
    }

    /// Lets `work` run on a lane while `body` does, and until it has ended.
    private func run(_ work: Work, _ body: @Sendable (Lane, LaneCensus) async -> Void) async {
        let census = LaneCensus()
        await TaskScope.run(on: OperatingSystem()) { scope in
            let lane = Lane(work: work, system: OperatingSystem(), scope: scope, census: census)
            await body(lane, census)
        }
    }

    @Test func `does nothing until it is woken, and ends when there is nothing to do`() async {
        let work = Work { _, _ in .idle }

        await run(work) { lane, census in
            #expect(lane.isIdle)
            await census.untilIdle()
            #expect(work.steps == 0)

            lane.wake()
            await census.untilIdle()

            #expect(lane.isIdle)
            #expect(work.steps == 1)
        }
    }

    @Test func `goes on at once while there is more`() async {
        let work = Work { number, _ in number < 5 ? .again : .idle }

        await run(work) { lane, _ in lane.wake() }

        #expect(work.steps == 5)
    }

    @Test func `looks once more when it is woken in the middle of a step`() async {
        // Woken as late as can be: just before it says that there is nothing to do.
        let work = Work { number, lane in
            if number == 1 { lane.wake() }
            return .idle
        }

        await run(work) { lane, _ in lane.wake() }

        #expect(work.steps == 2)
    }

    @Test(arguments: [Lane.Outcome.idle, .parked])
    func `loses no wake-up and never runs twice at once, however it is woken`(outcome: Lane.Outcome) async {
        let tally = Tally()
        let work = Work { _, _ in
            let now = tally.wanted
            await Task.yield()
            tally.note(seen: now)
            return outcome
        }

        await run(work) { lane, census in
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<500 {
                            tally.want()
                            lane.wake()
                            await Task.yield()
                        }
                    }
                }
            }
            await census.untilIdle()
        }

        #expect(tally.wanted == 8 * 500)
        #expect(tally.seen == 8 * 500)
        #expect(work.mostAtOnce == 1)
    }

    @Test func `waits for a wake-up, which may come before the time is over`() async {
        let begun = Wakeup()
        let work = Work { number, _ in
            begun.signal()
            return number == 1 ? .wait(.seconds(3600)) : .idle
        }

        await run(work) { lane, census in
            lane.wake()
            await begun.wait()
            lane.wake()
            await census.untilIdle()
        }

        #expect(work.steps == 2)
    }

    @Test func `waits no longer than it was told`() async {
        let work = Work { number, _ in number == 1 ? .wait(.milliseconds(1)) : .idle }

        await run(work) { lane, _ in lane.wake() }

        #expect(work.steps == 2)
    }

    @Test func `outlives a step that fails, and tries again`() async {
        let work = Work { number, _ in
            if number == 1 { throw Failure() }
            return .idle
        }

        await run(work) { lane, _ in lane.wake() }

        #expect(work.steps == 2)
        #expect(work.faults == [.defect(reason: "Failure()")])
    }

    @Test func `does not wait out the pause after a failure when it is woken`() async {
        // The pause after the seventh failure would be a minute.
        let work = Work { number, lane in
            guard number < 20 else { return .idle }
            lane.wake()
            throw Failure()
        }

        await run(work) { lane, _ in lane.wake() }

        #expect(work.faults.count == 19)
    }

    @Test func `is idle to others only when nobody holds it`() async {
        let work = Work { number, _ in number == 1 ? .parked : .idle }

        await run(work) { lane, census in
            lane.wake()
            await census.untilIdle()
            #expect(!lane.isIdle, "somebody will wake it")

            lane.wake()
            await census.untilIdle()
            #expect(lane.isIdle)
        }
    }

    @Test func `is counted from its wake-up to its end, also when it is cancelled`() async {
        let census = LaneCensus()
        let begun = Wakeup()
        let work = Work { _, _ in
            begun.signal()
            return .wait(.seconds(3600))
        }

        await TaskScope.run(on: OperatingSystem()) { scope in
            Lane(work: work, system: OperatingSystem(), scope: scope, census: census).wake()
            await begun.wait()
            scope.cancelAll()
            await census.untilIdle()
        }

        #expect(work.steps == 1)
    }

    @Test func `keeps the census until the last of several has ended`() async {
        let go = Wakeup()
        let done = Wakeup()
        let quick = Work { _, _ in
            done.signal()
            return .idle
        }
        let slow = Work { _, _ in
            await go.wait()
            return .idle
        }
        let census = LaneCensus()

        await TaskScope.run(on: OperatingSystem()) { scope in
            Lane(work: quick, system: OperatingSystem(), scope: scope, census: census).wake()
            Lane(work: slow, system: OperatingSystem(), scope: scope, census: census).wake()
            await done.wait()
            async let idle: Void = census.untilIdle()
            go.signal()
            await idle
        }

        #expect(slow.steps == 1)
    }
}
