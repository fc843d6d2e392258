import Basics
import Synchronization

@testable import Sandbox

/// A host that only tells that it runs.
final class StubHost: PlaygroundHost {
    struct Broken: Error, CustomStringConvertible {
        let description = "broken"
    }

    private struct State {
        var running = 0
        var starts = 0
        var isBroken = false
    }

    private let state = Mutex(State())

    var running: Int { state.withLock { $0.running } }
    var starts: Int { state.withLock { $0.starts } }

    func breakDown(_ isBroken: Bool) { state.withLock { $0.isBroken = isBroken } }

    func run() async throws {
        let isBroken = state.withLock { state in
            state.starts += 1
            if !state.isBroken { state.running += 1 }
            return state.isBroken
        }
        if isBroken { throw Broken() }
        defer { state.withLock { $0.running -= 1 } }
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(60)) }
    }

    func status() async -> JSONValue? { running > 0 ? ["surfaces": [], "uptimeSeconds": 1.5] : nil }
    func contexts() async -> [JSONValue] { [["number": 1]] }
}

/// Returns when `condition` holds; false when it does not within 20 seconds.
func eventually(_ condition: () async -> Bool) async -> Bool {
    let deadline = ContinuousClock.now + .seconds(20)
    while await !condition() {
        guard deadline > .now else { return false }
        try? await Task.sleep(for: .milliseconds(5))
    }
    return true
}
