@testable import Engine
import Basics
import Synchronization
import Testing

@Suite("Task scope")
struct TaskScopeTests {
    @Test func `awaits what was added, and does not cancel it`() async {
        let events = Mutex<[String]>([])

        let result = await TaskScope.run(on: OperatingSystem()) { scope in
            scope.add {
                await Task.yield()
                events.withLock { $0.append(Task.isCancelled ? "cancelled" : "done") }
            }
            return 7
        }

        #expect(result == 7)
        #expect(events.withLock { $0 } == ["done"])
    }

    @Test func `cancels its children with itself, and starts also then what is added`() async {
        let (ended, end) = AsyncStream.makeStream(of: String.self)
        let task = Task {
            await TaskScope.run(on: OperatingSystem()) { scope in
                scope.add {
                    for await _ in AsyncStream<Void>.makeStream().stream {}
                    end.yield("first \(Task.isCancelled)")
                }
                for await _ in AsyncStream<Void>.makeStream().stream {}
                scope.add { end.yield("second \(Task.isCancelled)") }
            }
            end.finish()
        }
        task.cancel()

        var all: [String] = []
        for await event in ended { all.append(event) }
        #expect(all.sorted() == ["first true", "second true"])
    }

    @Test func `starts nothing after its end`() async {
        let scope = await TaskScope.run(on: OperatingSystem()) { $0 }

        let hasRun = Mutex(false)
        scope.add { hasRun.withLock { $0 = true } }
        await Task.yield()

        #expect(!hasRun.withLock { $0 })
    }
}
