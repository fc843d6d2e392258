import Basics
import SurfaceKit
import Synchronization

/// Runs the turns: one at a time for each context, contexts beside each other.
final class TurnLanes: Sendable {
    private struct Lane {
        var wakeup = Wakeup()
        var running: TurnEnder?
    }

    private struct State {
        var lanes: [Int64: Lane] = [:]
        var draining = false
        var idle: [CheckedContinuation<Void, Never>] = []
    }

    /// How long a turn that is cut off may take to write down its end.
    private static let lastWords = Duration.seconds(3)

    private let state = Mutex(State())
    private let store: Store
    private let log: Log
    private let scope: TaskScope
    private let surfaces: SurfaceRegistry
    private let runner: TurnRunner

    init(store: Store, log: Log, scope: TaskScope, surfaces: SurfaceRegistry, runner: TurnRunner) {
        self.store = store
        self.log = log
        self.scope = scope
        self.surfaces = surfaces
        self.runner = runner
    }

    /// Turns that run now.
    var running: Int { state.withLock { $0.lanes.values.count { $0.running != nil } } }

    /// Looks whether a question waits in a context.
    func wake(_ context: Int64) {
        let started: Bool = state.withLock { state in
            guard !state.draining else { return false }
            if let lane = state.lanes[context] {
                lane.wakeup.signal()
                return false
            }
            state.lanes[context] = Lane()
            return true
        }
        if started { scope.add { await self.run(context) } }
    }

    /// Wakes every context in which a question waits.
    func wakeAll() async throws {
        for context in try await store.read({ try $0.contextsWithWaitingTurns() }) { wake(context) }
    }

    func end(context: Int64, as ending: TurnRecord.Ending) {
        state.withLock { $0.lanes[context]?.running }?.end(as: ending)
    }

    /// Ends the running turns that `matches` picks.
    func end(as ending: TurnRecord.Ending, where matches: (TurnEnder) -> Bool) {
        let enders = state.withLock { $0.lanes.values.compactMap(\.running) }
        for ender in enders where matches(ender) { ender.end(as: ending) }
    }

    /// As ``end(as:where:)``, and returns when they have ended.
    func finish(as ending: TurnRecord.Ending, where matches: (TurnEnder) -> Bool) async {
        let enders = state.withLock { $0.lanes.values.compactMap(\.running) }.filter(matches)
        for ender in enders { ender.end(as: ending) }
        for ender in enders { await ender.untilFinished() }
    }

    /// Begins no turn any more, lets the running ones go on for `patience`, then cuts them off.
    func drain(patience: Duration) async {
        state.withLock { $0.draining = true }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.untilIdle() }
            group.addTask {
                guard (try? await Task.sleep(for: patience)) != nil else { return }
                self.end(as: .cut) { _ in true }
                guard (try? await Task.sleep(for: Self.lastWords)) != nil else { return }
                self.log.error("The end of a turn cannot be stored: it is left to the next start")
                self.scope.cancelAll()
            }
            await group.next()
            group.cancelAll()
        }
        await untilIdle()
    }

    private func untilIdle() async {
        await withCheckedContinuation { continuation in
            let idle: Bool = state.withLock { state in
                guard state.lanes.isEmpty else {
                    state.idle.append(continuation)
                    return false
                }
                return true
            }
            if idle { continuation.resume() }
        }
    }

    private func run(_ context: Int64) async {
        var free: Timestamp?
        while let next = await next(in: context) {
            let accepted = max(next.turn.acceptedAt, next.runtime.metrics.since)
            let ender = TurnEnder(turn: next.turn.id, conversation: next.turn.conversation)
            state.withLock { $0.lanes[context]?.running = ender }
            await runner.run(next.turn, on: next.runtime, ender: ender, readySince: max(accepted, free ?? accepted))
            free = .now
            state.withLock { $0.lanes[context]?.running = nil }
            ender.finish()
        }
    }

    /// The next question; `nil` ends the lane.
    private func next(in context: Int64) async -> (turn: TurnRecord, runtime: SurfaceRuntime)? {
        while true {
            let running = surfaces.running
            let draining = state.withLock { $0.draining }
            do {
                let turn = try await store.read { [ids = Set(running.keys)] in try $0.nextTurn(of: context, on: ids) }
                if !draining, let turn {
                    let surface = try await store.read { try $0.conversation(turn.conversation) }.surface
                    if let runtime = running[surface] { return (turn, runtime) }
                }
            } catch {
                log.error("The waiting messages cannot be read", ["context": context, "reason": "\(error)"])
                try? await Task.sleep(for: .seconds(1))
                if !draining { continue }
            }
            if close(context) { return nil }
        }
    }

    /// Ends a lane unless something was signalled since it looked last.
    private func close(_ context: Int64) -> Bool {
        let (closed, waiting): (Bool, [CheckedContinuation<Void, Never>]) = state.withLock { state in
            if let lane = state.lanes[context], lane.wakeup.isPending, !state.draining {
                state.lanes[context]?.wakeup = Wakeup()
                return (false, [])
            }
            state.lanes[context] = nil
            guard state.lanes.isEmpty else { return (true, []) }
            defer { state.idle = [] }
            return (true, state.idle)
        }
        for continuation in waiting { continuation.resume() }
        return closed
    }
}
