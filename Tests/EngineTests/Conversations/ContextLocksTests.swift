import Basics
import State
import Synchronization
import Testing

@testable import Engine

@Suite("Context locks")
struct ContextLocksTests {
    private let context = ContextID(7)

    /// Says when it is woken.
    private struct Listener: LaneWork {
        let woken: @Sendable () -> Void

        func step(on lane: Lane) async throws -> Lane.Outcome {
            woken()
            return .idle
        }

        func recover(from fault: Fault) async {}
    }

    @Test func `are taken once until they are released`() {
        let locks = ContextLocks()

        #expect(locks.take(context))
        #expect(!locks.take(context))
        #expect(locks.take(ContextID(8)), "another context is another lock")
        locks.release(context)
        #expect(locks.take(context))
    }

    @Test(arguments: [true, false])
    func `wake each lane that waits, once`(byRelease: Bool) async {
        let locks = ContextLocks()
        let woken = Mutex<[Int]>([])
        #expect(locks.take(context))

        await TaskScope.run(on: OperatingSystem()) { [context] scope in
            let census = LaneCensus()
            let lanes = (1...3).map { number in
                Lane(
                    work: Listener { woken.withLock { $0.append(number) } },
                    system: OperatingSystem(),
                    scope: scope,
                    census: census
                )
            }
            #expect(locks.enqueue(for: context, lanes[0]))
            #expect(!locks.enqueue(for: context, lanes[0]), "it waits already")
            #expect(locks.enqueue(for: context, lanes[1]))
            #expect(locks.enqueue(for: ContextID(8), lanes[2]))
            if byRelease { locks.release(context) } else { locks.wake(context) }
            locks.wake(context)
            await census.untilIdle()
        }

        #expect(woken.withLock { $0 }.sorted() == [1, 2])
    }

    @Test func `wake no lane that has nothing to ask any more`() async {
        let locks = ContextLocks()
        let woken = Mutex<[Int]>([])

        await TaskScope.run(on: OperatingSystem()) { [context] scope in
            let census = LaneCensus()
            let lanes = (1...2).map { number in
                Lane(
                    work: Listener { woken.withLock { $0.append(number) } },
                    system: OperatingSystem(),
                    scope: scope,
                    census: census
                )
            }
            for lane in lanes { #expect(locks.enqueue(for: context, lane)) }
            locks.leave(lanes[0])
            locks.wake(context)
            await census.untilIdle()
        }

        #expect(woken.withLock { $0 } == [2])
    }
}
