import Basics
import Synchronization

/// Keeps the host running, stops it, and starts it again on the same state.
final class HostKeeper: Sendable {
    enum Phase: String, Sendable {
        case running, stopped, failed
    }

    private struct State {
        var isWanted = true
        /// Grows with each request, so that none is missed.
        var requests = 0
        var starts = 0
        var phase = Phase.stopped
        var failure: String?
    }

    let host: any PlaygroundHost
    private let state = Mutex(State())
    let changed = Change()

    init(_ host: any PlaygroundHost) { self.host = host }

    /// What there is to show about it.
    var json: JSONValue {
        state.withLock { state in
            [
                "phase": .string(state.phase.rawValue), "starts": JSONValue(state.starts),
                "failure": state.failure.map { .string($0) } ?? .null,
            ]
        }
    }

    /// Kills the host and starts it again.
    func restart() { ask { $0.isWanted = true } }

    func set(running: Bool) { ask { $0.isWanted = running } }

    private func ask(_ change: (inout State) -> Void) {
        state.withLock { state in
            change(&state)
            state.requests += 1
        }
        changed.signal()
    }

    /// Runs the host as it is wanted, until cancelled.
    func run() async {
        while !Task.isCancelled {
            let (isWanted, seen) = state.withLock { ($0.isWanted, $0.requests) }
            if isWanted { await runOnce(until: seen) }
            await waitForRequest(after: seen)
        }
    }

    private func runOnce(until seen: Int) async {
        state.withLock { state in
            state.starts += 1
            (state.phase, state.failure) = (.running, nil)
        }
        let failure = await withTaskGroup(of: String?.self) { [host] group in
            group.addTask {
                do {
                    try await host.run()
                    return Task.isCancelled ? nil : "the host has ended"
                } catch {
                    return "\(error)"
                }
            }
            group.addTask {
                await self.waitForRequest(after: seen)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        state.withLock { ($0.phase, $0.failure) = (failure == nil ? .stopped : .failed, failure) }
    }

    private func waitForRequest(after seen: Int) async {
        while !Task.isCancelled, state.withLock({ $0.requests }) == seen {
            await changed.wait(until: .now + .milliseconds(500))
        }
    }
}
