import AgentLink
import Basics
import SurfaceKit
import Testing

@testable import Engine
@testable import State

@Suite("Turn settlement", .timeLimit(.minutes(1)))
struct TurnSettlementTests {
    @Test func `keeps no answer back for a transcript that cannot be read`() async throws {
        try await withStore { store, _ in
            let turn = try await store.ask("one")
            try await store.script(
                "INSERT INTO transcript (context, position, turn, message) VALUES (\(turn.context), 1, 0, '{')"
            )
            let lines = LogLines()
            let surface = RecordingSurface()

            try await EngineScene(store, surface.running(log: lines.log)).ask(turn.conversation)

            #expect(surface.said == ["Yes."])
            #expect(try await store.turns().map(\.ending) == [.answered])
            let transcript = try await store.read { try $0.transcript(of: turn.context) }
            #expect(transcript.damaged.isEmpty, "it is met once")
            #expect(transcript.entries.map(\.message.words) == ["one", "Yes."])
            #expect(lines.phrases(.error).count == 1)
        }
    }

    @Test func `gives the answer though the row of its question can no longer be read`() async throws {
        try await withStore { store, _ in
            let turn = try await store.ask("one")
            let agent = ScriptedAgent.held
            let surface = RecordingSurface()
            let scene = EngineScene(store, surface.running(), agent: agent)

            try await scene.run { conversations in
                conversations.ask(turn.conversation)
                for await call in agent.calls {
                    try await store.script("UPDATE turn SET question = '{'")
                    call.say("Yes.")
                    call.finish()
                    break
                }
            }

            #expect(surface.said == ["Yes."])
            #expect(try await store.turns().map(\.ending) == [.answered])
            #expect(try await store.turns().map(\.question.text) == ["one"])
        }
    }

    @Test func `gives the answer without the transcript when that cannot be stored`() async throws {
        try await withStore { store, _ in
            let turn = try await store.ask()
            try await store.script(
                "CREATE TRIGGER refuse BEFORE INSERT ON transcript BEGIN SELECT RAISE(ABORT, 'foreign key'); END"
            )
            let lines = LogLines()
            let surface = RecordingSurface()

            try await EngineScene(store, surface.running(log: lines.log)).ask(turn.conversation)

            #expect(surface.said == ["Yes."])
            #expect(try await store.turns().map(\.ending) == [.answered])
            #expect(lines.phrases(.error) == ["The end of a turn cannot be stored as it is"])
        }
    }

    @Test func `ends in state and notice when its answer cannot be stored, and the next is asked`() async throws {
        try await withStore { store, _ in
            let turn = try await store.ask("one")
            try await store.ask("two")
            try await store.script(
                """
                CREATE TRIGGER refuse BEFORE INSERT ON post WHEN NEW.turn = \(turn.id) AND NEW.page IS NOT NULL
                BEGIN SELECT RAISE(ABORT, 'foreign key'); END
                """
            )
            let surface = RecordingSurface()

            try await EngineScene(store, surface.running()).ask(turn.conversation)

            #expect(surface.said.count == 2)
            #expect(surface.said.first?.hasPrefix("⚠️") == true)
            #expect(surface.said.last == "Yes.")
            #expect(try await store.turns().map(\.ending) == [.failed, .answered])
        }
    }

    @Test func `is stored as it is, later, when the disk is full for a while`() async throws {
        try await withStore { store, _ in
            let turn = try await store.ask()
            // The first write says that the agent may act; the second is the end.
            let faulty = FaultyStore(store)
            let agent = ScriptedAgent { call throws(AgentError) in
                faulty.fail(writes: 1)
                call.say("Yes.")
                call.finish()
            }
            let surface = RecordingSurface()

            try await EngineScene(faulty, surface.running(), agent: agent).ask(turn.conversation)

            #expect(faulty.left == 0)
            #expect(surface.said == ["Yes."])
            #expect(try await store.turns().map(\.ending) == [.answered])
            #expect(try await store.count("transcript") == 2)
        }
    }

    @Test func `remembers no question that the agent refused`() async throws {
        try await withStore { store, _ in
            let turn = try await store.ask("a picture that no agent takes")
            try await store.ask("hello")
            let agent = ScriptedAgent { call throws(AgentError) in
                if call.number == 1 { throw .refused(.unacceptable(status: 400), reason: "400") }
                call.say("Yes.")
                call.finish()
            }
            let surface = RecordingSurface()

            try await EngineScene(store, surface.running(), agent: agent).ask(turn.conversation)

            #expect(surface.said.first?.hasPrefix("⚠️") == true)
            #expect(surface.said.last == "Yes.")
            #expect(agent.asked.last?.messages.map(\.words) == ["hello"])
        }
    }

    @Test func `gives an answer that is too long for messages as a file with the whole`() async throws {
        try await withStore { store, directory in
            let turn = try await store.ask()
            let paragraphs = (0..<60).map { "Paragraph \($0). " + String(repeating: "word ", count: 150) }
            let whole = paragraphs.joined(separator: "\n\n")
            let agent = ScriptedAgent { call throws(AgentError) in
                call.say(whole)
                call.finish()
            }
            let surface = RecordingSurface()

            try await EngineScene(store, surface.running(), agent: agent).ask(turn.conversation)

            #expect(surface.said.count == GrowingReply.mostPages + 1)
            #expect(surface.said.last == "<answer.md>")
            guard case .send(.file(let file), _, _)? = surface.operations.last(where: \.isSend) else { return }
            #expect(file.size == whole.utf8.count)
            #expect(file.path.hasPrefix("\(directory)/files/"))
        }
    }

    @Test func `drops what is still owed in a chat that is gone`() async throws {
        try await withStore { store, _ in
            let turn = try await store.ask()
            let agent = ScriptedAgent.held

            try await EngineScene(store, RecordingSurface().running(), agent: agent).run { conversations in
                conversations.ask(turn.conversation)
                for await call in agent.calls {
                    call.say("Half")
                    break
                }
                conversations.end(conversation: turn.conversation, as: .gone)
            }

            #expect(try await store.turns().map(\.ending) == [.gone])
            #expect(try await store.read { try $0.postsOwed() } == 0)
        }
    }
}
