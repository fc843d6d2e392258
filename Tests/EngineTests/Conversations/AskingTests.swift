import AgentLink
import Basics
import SurfaceKit
import Testing

@testable import Engine
@testable import State

@Suite("Asking", .timeLimit(.minutes(1)))
struct AskingTests {
    @Test func `answers what waits in the order in which it came`() async throws {
        try await withStore { store, _ in
            let conversation = try await store.ask("one").conversation
            try await store.ask("two")
            let surface = RecordingSurface()
            let agent = ScriptedAgent { call throws(AgentError) in
                call.say("to \(call.question)")
                call.finish()
            }

            try await EngineScene(store, surface.running(), agent: agent).ask(conversation)

            #expect(surface.said == ["to one", "to two"])
            #expect(agent.asked.map { $0.messages.count } == [1, 3], "with what was said before")
            #expect(try await store.turns().map(\.ending) == [.answered, .answered])
        }
    }

    @Test func `asks a busy agent again though that could not be written down at first`() async throws {
        try await withStore { store, _ in
            let turn = try await store.ask()
            try await store.script(
                """
                CREATE TRIGGER refuse BEFORE UPDATE OF state ON turn WHEN NEW.state = 'waiting'
                BEGIN SELECT RAISE(ABORT, 'refused'); END
                """
            )
            let refused = Wakeup()
            let runtime = RecordingSurface().running(log: Log(minimum: .error) { _ in refused.signal() })
            let agent = ScriptedAgent { call throws(AgentError) in
                if call.number == 1 { throw .unreachable(retryAfter: .milliseconds(1), reason: "busy") }
                call.say("Here I am.")
                call.finish()
            }

            try await EngineScene(store, runtime, agent: agent).run { conversations in
                conversations.ask(turn.conversation)
                await refused.wait()
                try await store.script("DROP TRIGGER refuse")
            }

            #expect(try await store.turns().map(\.ending) == [.answered])
        }
    }

    // MARK: Two chats on one context

    @Test func `runs one turn at a time in a context, in the order of arrival, whichever chat asks`() async throws {
        try await withStore { store, _ in
            let context = try await store.ask("1", in: "left").context
            for (number, chat) in [(2, "right"), (3, "left"), (4, "right"), (5, "right"), (6, "left")] {
                try await store.ask("\(number)", in: ChatID(chat), of: context)
            }
            let agent = ScriptedAgent.held
            let surface = RecordingSurface()

            try await EngineScene(store, surface.running(), agent: agent).run { conversations in
                // The later chat first: order is that of the questions.
                for turn in try await store.turns().reversed() { conversations.ask(turn.conversation) }
                var order: [String] = []
                for await call in agent.calls {
                    order.append(call.question)
                    #expect(agent.asked.count == order.count, "no other run is open")
                    call.say("to \(call.question)")
                    call.finish()
                    if order.count == 6 { break }
                }
                #expect(order == ["1", "2", "3", "4", "5", "6"])
                await surface.untilSaid("to 6")
            }

            #expect(try await store.turns().allSatisfy { $0.ending == .answered })
        }
    }

    @Test func `lets two contexts run at once`() async throws {
        try await withStore { store, _ in
            let turns = [try await store.ask("1", in: "left"), try await store.ask("2", in: "right")]
            let agent = ScriptedAgent.held

            try await EngineScene(store, RecordingSurface().running(), agent: agent).run { conversations in
                for turn in turns { conversations.ask(turn.conversation) }
                var open: [ScriptedAgent.Call] = []
                for await call in agent.calls {
                    open.append(call)
                    if open.count == 2 { break }
                }
                for call in open { call.finish() }
            }

            #expect(try await store.turns().allSatisfy { $0.state == .ended })
        }
    }

    @Test func `frees the next question of a context when one that waits is stopped`() async throws {
        try await withStore { store, _ in
            let first = try await store.ask("1", in: "left")
            let second = try await store.ask("2", in: "right", of: first.context)
            let third = try await store.ask("3", in: "third", of: first.context)
            let agent = ScriptedAgent.held
            let surface = RecordingSurface()

            try await EngineScene(store, surface.running(), agent: agent).run { conversations in
                var calls = agent.calls.makeAsyncIterator()
                for turn in [third, second, first] { conversations.ask(turn.conversation) }
                let running = try #require(await calls.next())
                #expect(running.question == "1")
                try await store.write { try $0.endTurn(second.id, as: .stopped, now: .now) }
                for consequence in [
                    Intake.Consequence.endTurn(second.id, as: .stopped), .freed(second.context),
                ] {
                    await conversations.follow(consequence, on: "a", .silent)
                }
                running.say("to 1")
                running.finish()
                let next = try #require(await calls.next())
                #expect(next.question == "3")
                next.say("to 3")
                next.finish()
                await surface.untilSaid("to 3")
            }

            #expect(try await store.turns().map(\.ending) == [.answered, .stopped, .answered])
        }
    }

    @Test func `waits for no question of a surface that is off`() async throws {
        try await withStore { store, _ in
            let ahead = try await store.ask("1", on: "off")
            let turn = try await store.ask("2", on: "a", of: ahead.context)
            let surface = RecordingSurface()

            try await EngineScene(store, surface.running()).ask(turn.conversation)

            #expect(surface.said == ["Yes."])
            #expect(try await store.turns().map(\.state) == [.waiting, .ended])
        }
    }

    // MARK: Ends

    @Test func `stops a running turn, keeps what was said, and asks the next`() async throws {
        try await withStore { store, _ in
            let turn = try await store.ask("1")
            try await store.ask("2")
            let agent = ScriptedAgent.held
            let surface = RecordingSurface()

            try await EngineScene(store, surface.running(grows: true), agent: agent).run { conversations in
                var calls = agent.calls.makeAsyncIterator()
                conversations.ask(turn.conversation)
                try #require(await calls.next()).say("Half an answer", message: "agents-own")
                await surface.untilSaid("Half")
                conversations.end(turn: turn.id, as: .stopped)
                let next = try #require(await calls.next())
                #expect(next.question == "2")
                next.finish()
            }

            #expect(try await store.turns().map(\.ending) == [.stopped, .empty])
            let transcript = try await store.read { try $0.transcript(of: turn.context) }
            #expect(transcript.entries.map(\.message.id) == ["q\(turn.id)", "agents-own"], "the agent’s own id")
        }
    }

    @Test func `begins no turn while the host drains, and leaves it for the next start`() async throws {
        try await withStore { store, _ in
            let turn = try await store.ask()
            let agent = ScriptedAgent()
            let scene = EngineScene(store, RecordingSurface().running(), agent: agent)
            scene.desk.drain.begin()

            try await scene.ask(turn.conversation)

            #expect(agent.asked.isEmpty)
            #expect(try await store.turns().map(\.state) == [.waiting])
        }
    }

    @Test func `gives up a question that cannot be read, tells the chat, and asks the next`() async throws {
        try await withStore { store, _ in
            let conversation = try await store.ask("broken").conversation
            try await store.ask("sound")
            try await store.script("UPDATE turn SET question = '{' WHERE id = (SELECT min(id) FROM turn)")
            let lines = LogLines()
            let surface = RecordingSurface()

            try await EngineScene(store, surface.running(), log: lines.log).ask(conversation)

            #expect(lines.phrases(.error) == ["A row of the state could not be read and was given up"])
            #expect(surface.said.count == 2)
            #expect(surface.said.contains { $0.hasPrefix("⚠️") })
            #expect(surface.said.contains("Yes."))
            #expect(try await store.turns().map(\.ending) == [.failed, .answered])
        }
    }

    @Test func `asks though the state could not be read at first`() async throws {
        try await withStore { store, _ in
            let conversation = try await store.ask().conversation
            let faulty = FaultyStore(store, failingReads: 1)
            let surface = RecordingSurface()

            try await EngineScene(faulty, surface.running()).ask(conversation)

            #expect(surface.said == ["Yes."])
        }
    }

    @Test func `asks no more runs at once than the settings allow`() async throws {
        try await withStore { store, _ in
            let turns = [try await store.ask("1", in: "left"), try await store.ask("2", in: "right")]
            let agent = ScriptedAgent.held
            let scene = EngineScene(store, [RecordingSurface().running()], agent: agent, maxRuns: 1)

            try await scene.run { conversations in
                for turn in turns { conversations.ask(turn.conversation) }
                var count = 0
                for await call in agent.calls {
                    count += 1
                    #expect(agent.asked.count == count)
                    call.finish()
                    if count == 2 { break }
                }
            }

            #expect(try await store.turns().allSatisfy { $0.state == .ended })
        }
    }
}
