import State
import Synchronization

/// Turns that run and turns that have ended; what is read of both is true of one moment.
package final class TurnCounters: Sendable {
    package struct Snapshot: Hashable, Sendable {
        fileprivate var open: Set<TurnID> = []
        fileprivate var ended: [TurnRecord.Ending: Int] = [:]

        package init() {}

        /// Turns that are with the agent.
        package var running: Int { open.count }

        package subscript(ending: TurnRecord.Ending) -> Int { ended[ending] ?? 0 }

        /// In the order of the enum.
        package var values: [(label: TurnRecord.Ending, value: Int)] {
            TurnRecord.Ending.allCases.map { ($0, self[$0]) }
        }
    }

    private let state = Mutex(Snapshot())

    package init() {}

    package var snapshot: Snapshot { state.withLock { $0 } }

    /// A turn went to the agent: it no longer waits.
    package func began(_ turn: TurnID) { state.withLock { _ = $0.open.insert(turn) } }

    /// The agent took nothing of a turn: it waits again from now on.
    package func returned(_ turn: TurnID) { state.withLock { _ = $0.open.remove(turn) } }

    /// A turn has ended, whether or not it went to the agent.
    package func ended(_ turn: TurnID, _ ending: TurnRecord.Ending) {
        state.withLock { state in
            state.open.remove(turn)
            state.ended[ending, default: 0] += 1
        }
    }

    /// Counts a turn that ended without running.
    package func count(_ ending: TurnRecord.Ending) { state.withLock { $0.ended[ending, default: 0] += 1 } }
}
