import AgentLink
import Basics
import Metrics
import Settings
import SurfaceKit
import Testing

@testable import Engine
@testable import State

@Suite("Recovery", .timeLimit(.minutes(1)))
struct RecoveryTests {
    /// A question that a host that died had given to the agent, after `shown` was shown of the answer.
    private func cutTurn(
        _ store: SQLiteStore,
        on surface: SurfaceID = "a",
        in chat: ChatID = "room",
        showing shown: MessageContent? = nil
    ) async throws -> TurnRecord {
        let turn = try await store.ask("hi", in: chat, on: surface)
        try await store.write { state in
            guard try state.beginTurn(turn, now: .now) else { throw StateError.failed(reason: "it had ended") }
            guard let shown else { return }
            let post = try state.beginPreview(page: 0, of: turn.id, showing: shown, replyTo: nil, now: .now)
            if let post { try state.noteShown(shown, as: "m", of: post.id) }
        }
        return turn
    }

    /// A host whose surfaces are all switched off, from its start to its end.
    private func startHost(_ store: SQLiteStore) async {
        let host = HostRuntime(
            system: OperatingSystem(),
            store: store,
            settings: .sample(),
            webhooks: nil,
            metrics: HostMetrics(),
            log: .silent
        )
        let (changes, end) = AsyncStream.makeStream(of: HostSettings.self)
        end.finish()
        await host.run(changes)
    }

    @Test func `ends at the start what was cut off on every surface, also on one that is off`() async throws {
        try await withStore { store, _ in
            _ = try await cutTurn(store, on: "off")
            let waiting = try await store.ask("next", in: "other", on: "off")

            await startHost(store)

            #expect(try await store.turns().map(\.ending) == [.cut, nil])
            #expect(try await store.read { try $0.turn(waiting.id) }?.state == .waiting)
            #expect(try await store.said() == [], "told when the surface starts")
            #expect(try await store.read { try $0.untoldTurns(on: "off") }.count == 1)
        }
    }

    @Test func `lets a linked chat go on in the context of a turn that was cut off elsewhere`() async throws {
        try await withStore { store, _ in
            let cut = try await cutTurn(store, on: "off")
            let turn = try await store.ask("next", on: "a", of: cut.context)
            await startHost(store)
            let surface = RecordingSurface()

            try await EngineScene(store, surface.running()).ask(turn.conversation)

            #expect(surface.said == ["Yes."])
        }
    }

    @Test func `tells each person once, when the surface starts, and keeps what was shown`() async throws {
        try await withStore { store, _ in
            let turn = try await cutTurn(store, showing: "Half an answer")
            _ = try await cutTurn(store, on: "other")
            try await store.write { try $0.endCutOffTurns(on: nil, now: .now) }
            let surface = RecordingSurface()
            let runtime = surface.running()

            let told = try await Recovery(store: store, runtime: runtime).tell()
            let again = try await Recovery(store: store, runtime: runtime).tell()
            try await EngineScene(store, runtime).run { try await $0.wakeAll() }

            #expect(told == 1)
            #expect(again == 0)
            #expect(surface.said.count == 1, "the part that was shown stays as it is")
            #expect(surface.said.first?.hasPrefix("⚠️") == true)
            let transcript = try await store.read { try $0.transcript(of: turn.context) }
            #expect(transcript.entries.map(\.message.words) == ["hi", "Half an answer"])
            #expect(try await store.read { try $0.untoldTurns(on: "other") }.count == 1)
        }
    }

    @Test func `remembers nothing of a turn of which nothing was shown`() async throws {
        try await withStore { store, _ in
            let turn = try await cutTurn(store)
            try await store.write { try $0.endCutOffTurns(on: nil, now: .now) }

            _ = try await Recovery(store: store, runtime: RecordingSurface().running()).tell()

            #expect(try await store.read { try $0.transcript(of: turn.context) }.entries.isEmpty)
            #expect(try await store.said().count == 1)
        }
    }

    @Test func `makes a message of what a draft had shown`() async throws {
        try await withStore { store, _ in
            let turn = try await cutTurn(store)
            try await store.write { state in
                try state.keepDraft(page: 0, of: turn.id, showing: "Half an answer", now: .now)
                try state.endCutOffTurns(on: nil, now: .now)
            }
            let surface = RecordingSurface()
            let runtime = surface.running()

            _ = try await Recovery(store: store, runtime: runtime).tell()
            try await EngineScene(store, runtime).run { try await $0.wakeAll() }

            #expect(surface.said.first == "Half an answer")
            #expect(surface.said.last?.hasPrefix("⚠️") == true)
            #expect(surface.said.count == 2)
        }
    }

    @Test func `holds up no start for a turn that cannot be told of`() async throws {
        try await withStore { store, _ in
            let broken = try await cutTurn(store, in: "broken")
            _ = try await cutTurn(store, in: "sound")
            try await store.write { try $0.endCutOffTurns(on: nil, now: .now) }
            try await store.script("UPDATE turn SET question = '{' WHERE id = \(broken.id)")
            let lines = LogLines()
            let runtime = RecordingSurface().running(log: lines.log)

            let told = try await Recovery(store: store, runtime: runtime).tell()

            #expect(told == 2)
            #expect(lines.phrases(.error).count == 1)
            #expect(try await store.read { try $0.untoldTurns(on: "a") }.isEmpty)
            #expect(try await store.said().count == 2, "people of both are told")
        }
    }

    @Test func `asks nothing again of a state that cannot be written`() async throws {
        try await withStore { store, _ in
            _ = try await cutTurn(store)
            try await store.write { try $0.endCutOffTurns(on: nil, now: .now) }
            let faulty = FaultyStore(store, failingWrites: 1)
            let recovery = Recovery(store: faulty, runtime: RecordingSurface().running())

            await #expect(throws: StateError.self) { try await recovery.tell() }
            #expect(try await recovery.tell() == 1)
        }
    }
}
