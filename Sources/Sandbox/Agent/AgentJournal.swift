import Basics
import Synchronization

/// What the agent was asked lately and how each answer comes along, for whoever watches.
package final class AgentJournal: Sendable {
    private struct State {
        var last = 0
        var open: [Int: AgentRecord] = [:]
        var watchers: [Int: AsyncStream<AgentRecord>.Continuation] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// Each record whenever it has changed, from now on; ends when its reader ends.
    package func records() -> AsyncStream<AgentRecord> {
        let (records, continuation) = AsyncStream.makeStream(of: AgentRecord.self)
        let key = state.withLock { state in
            state.last += 1
            state.watchers[state.last] = continuation
            return state.last
        }
        continuation.onTermination = { [weak self] _ in self?.state.withLock { $0.watchers[key] = nil } }
        return records
    }

    func begin(_ question: AgentQuestion) -> Int {
        let id = state.withLock { state in
            state.last += 1
            state.open[state.last] = AgentRecord(id: state.last, question)
            return state.last
        }
        change(id) { _ in }
        return id
    }

    func note(_ event: JSONValue, in id: Int) { change(id) { $0.note(event) } }

    /// The first end counts, and that the stream told before all.
    func end(_ id: Int, as ending: AgentRecord.Ending) {
        change(id) { record in
            record.ending = record.ending ?? ending
            record.ended = millisecondsSince1970()
        }
        state.withLock { $0.open[id] = nil }
    }

    private func change(_ id: Int, _ body: (inout AgentRecord) -> Void) {
        state.withLock { state in
            guard var record = state.open[id] else { return }
            body(&record)
            state.open[id] = record
            // In the lock: two changes must not overtake each other.
            for watcher in state.watchers.values { watcher.yield(record) }
        }
    }
}
