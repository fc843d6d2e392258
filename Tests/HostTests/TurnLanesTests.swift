import AgentLink
import Basics
import SurfaceKit
import Testing

@testable import Host

@Suite("Turn lanes", .timeLimit(.minutes(1)))
struct TurnLanesTests {
    /// Says that it is busy, then answers.
    private final class BusyAgent: AgentApi {
        private let isBusy = Wakeup()

        init() { isBusy.signal() }

        func run(
            _ request: AgentRequest,
            willSend: @escaping @Sendable () async throws -> Void
        ) async throws(AgentError) -> AgentRun {
            do { try await willSend() } catch { throw .cancelled }
            if isBusy.isPending {
                isBusy.clear()
                throw .unreachable(retryAfter: .milliseconds(1), reason: "busy")
            }
            let (events, run) = AsyncStream.makeStream(of: AgentEvent.self)
            run.yield(.text(index: 0, delta: "Here I am."))
            run.yield(.ended(AgentOutcome(ending: .finished, messages: [])))
            run.finish()
            return AgentRun(events)
        }

        func probe() async throws(AgentError) -> Int { 405 }
    }

    private func lanes(_ store: Store, _ directory: String, _ runtime: SurfaceRuntime, _ scope: TaskScope) -> TurnLanes
    {
        let registry = SurfaceRegistry()
        registry.add(runtime)
        let limits = TranscriptLimits(messages: 10, bytes: 10_000, fileBytes: 10_000)
        let settings = AgentSettings(api: BusyAgent(), host: nil, history: .host, transcript: limits)
        let runner = TurnRunner(
            store: store,
            outbox: Outbox(store: store, log: .silent, scope: scope) { registry[$0] },
            files: FileCabinet(directory: "\(directory)/files"),
            health: AgentHealth(),
            settings: { settings },
            attachments: { AttachmentLimits(maxBytes: 100, maxCount: 2, keep: .seconds(3600)) }
        )
        return TurnLanes(store: store, log: .silent, scope: scope, surfaces: registry, runner: runner)
    }

    @Test func `asks a busy agent again though that could not be written down at first`() async throws {
        try await withStore { store, directory in
            let turn = try await store.write { database in
                try database.script(
                    """
                    CREATE TRIGGER refuse BEFORE UPDATE OF state ON turn WHEN NEW.state = 'waiting'
                    BEGIN SELECT RAISE(ABORT, 'refused'); END
                    """
                )
                return try database.sampleTurn()
            }
            let context = try #require(try await store.read { try $0.turn(turn) }).context
            let refused = Wakeup()
            let runtime = RecordingSurface().running(log: Log(minimum: .error) { _ in refused.signal() })

            await TaskScope.run { scope in
                let lanes = lanes(store, directory, runtime, scope)
                lanes.wake(context)
                await refused.wait()
                try? await store.write { try $0.script("DROP TRIGGER refuse") }
                await lanes.drain(patience: .seconds(30))
            }

            #expect(try await store.read { try $0.turn(turn) }?.ending == .answered)
        }
    }
}
