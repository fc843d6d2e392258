import Settings
import Synchronization
import Testing

@testable import Engine

@Suite("Run gate", .timeLimit(.minutes(1)))
struct RunGateTests {
    private func gate(_ maxRuns: Int) -> (RunGate, LiveSettings) {
        let live = LiveSettings(.sample(maxRuns: maxRuns))
        return (RunGate(settings: live), live)
    }

    /// Begins to wait at `gate`, and returns once it does.
    private func wait(_ gate: RunGate, _ entered: @escaping @Sendable () -> Void) async -> Task<Bool, Never> {
        let before = gate.waiting
        let task = Task {
            let isIn = await gate.enter()
            if isIn { entered() }
            return isIn
        }
        while gate.waiting == before { await Task.yield() }
        return task
    }

    @Test func `lets in as many as the settings say, the others in the order in which they came`() async {
        let (gate, _) = gate(2)
        let order = Mutex<[Int]>([])
        #expect(await gate.enter())
        #expect(await gate.enter())
        var waiting: [Task<Bool, Never>] = []
        for number in 1...4 { waiting.append(await wait(gate) { order.withLock { $0.append(number) } }) }
        #expect(order.withLock { $0 } == [])

        for (left, task) in waiting.enumerated() {
            gate.leave()
            #expect(await task.value)
            #expect(order.withLock { $0 } == Array(1...(left + 1)))
        }
    }

    @Test func `keeps no place for one that was cancelled while it waited`() async {
        let (gate, _) = gate(1)
        #expect(await gate.enter())
        let first = await wait(gate) {}
        let second = await wait(gate) {}

        first.cancel()
        #expect(await first.value == false)
        gate.leave()

        #expect(await second.value)
        gate.leave()
        #expect(await gate.enter(), "the place is free again")
    }

    @Test func `keeps no place for one that was cancelled before it came`() async {
        let (gate, _) = gate(1)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return await gate.enter()
        }
        task.cancel()
        // Whether it came in or not, it gives back what it took.
        if await task.value { gate.leave() }

        #expect(await gate.enter())
        #expect(gate.waiting == 0)
    }

    @Test func `loses no place when waiters are cancelled just as they are let in`() async {
        let (gate, _) = gate(3)

        await withTaskGroup(of: Void.self) { group in
            for number in 0..<400 {
                group.addTask {
                    let task = Task {
                        guard await gate.enter() else { return }
                        await Task.yield()
                        gate.leave()
                    }
                    if number % 3 == 0 { task.cancel() }
                    await task.value
                }
            }
        }

        for _ in 0..<3 { #expect(await gate.enter()) }
        #expect(gate.waiting == 0)
    }

    @Test func `follows the settings with the next that leaves`() async {
        let (gate, live) = gate(1)
        #expect(await gate.enter())
        let first = await wait(gate) {}
        let second = await wait(gate) {}

        live.adopt(.sample(maxRuns: 2))
        gate.leave()

        #expect(await first.value)
        #expect(await second.value)
    }

    @Test func `lets in no more than a smaller limit when it shrinks`() async {
        let (gate, live) = gate(2)
        #expect(await gate.enter())
        #expect(await gate.enter())
        let isIn = Mutex(false)
        let next = await wait(gate) { isIn.withLock { $0 = true } }

        live.adopt(.sample(maxRuns: 1))
        gate.leave()
        #expect(!isIn.withLock { $0 })
        gate.leave()

        #expect(await next.value)
    }
}
