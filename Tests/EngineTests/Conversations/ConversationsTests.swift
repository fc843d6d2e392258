import AgentLink
import Basics
import State
import SurfaceKit
import Testing

@testable import Engine

@Suite("Conversations", .timeLimit(.minutes(1)))
struct ConversationsTests {
    @Test func `keep only the conversations in which something happens`() async throws {
        try await withStore { store, _ in
            var ids: [ConversationID] = []
            for number in 0..<300 { ids.append(try await store.owe("hi", in: ChatID("room\(number)"))) }
            let surface = RecordingSurface()
            let scene = EngineScene(store, surface.running())

            try await scene.run { [ids] conversations in
                for id in ids {
                    conversations.deliver(id)
                    await conversations.untilDelivered()
                }
            }

            #expect(surface.said.count == 300)
            #expect(scene.conversations.count <= 64)
        }
    }

    @Test func `forget none that is busy, so that it never has two lanes`() async throws {
        try await withStore { store, _ in
            let turn = try await store.ask("busy", in: "busy")
            var others: [ConversationID] = []
            for number in 0..<200 { others.append(try await store.owe("hi", in: ChatID("room\(number)"))) }
            let agent = ScriptedAgent.held

            try await EngineScene(store, RecordingSurface().running(), agent: agent).run { [others] conversations in
                var calls = agent.calls.makeAsyncIterator()
                conversations.ask(turn.conversation)
                let call = try #require(await calls.next())
                for id in others {
                    conversations.deliver(id)
                    await conversations.untilDelivered()
                }
                // In another context, as after a command: only the lane keeps it behind the running one.
                let other = try await store.write { state in
                    let ann = ContextOwner.person("ann", on: "a")
                    return try state.makeContext(owner: ann, origin: ann, surface: "a", now: .now)
                }
                try await store.ask("next", in: "busy", of: other)
                conversations.ask(turn.conversation)
                // Time enough for a second lane to ask it.
                for _ in 0..<100 { _ = try await store.count("turn") }
                #expect(agent.asked.count == 1)
                call.finish()
                try #require(await calls.next()).finish()
            }

            #expect(agent.asked.count == 2)
        }
    }

    @Test func `end the running turn of a context from any chat`() async throws {
        try await withStore { store, _ in
            let turn = try await store.ask("1", in: "left")
            let agent = ScriptedAgent.held
            let surface = RecordingSurface()

            try await EngineScene(store, surface.running(), agent: agent).run { conversations in
                var calls = agent.calls.makeAsyncIterator()
                conversations.ask(turn.conversation)
                _ = try #require(await calls.next())
                conversations.end(context: turn.context, as: .stopped)
            }

            #expect(try await store.turns().map(\.ending) == [.stopped])
            #expect(surface.said.count == 1, "one line says so")
        }
    }

    @Test func `cut off what runs on a surface that is switched off, and only that`() async throws {
        try await withStore { store, _ in
            let turns = [try await store.ask("1", on: "a"), try await store.ask("2", on: "b")]
            let agent = ScriptedAgent.held
            let surfaces = [RecordingSurface().running(as: "a"), RecordingSurface().running(as: "b")]

            try await EngineScene(store, surfaces, agent: agent).run { conversations in
                for turn in turns { conversations.ask(turn.conversation) }
                var open: [ScriptedAgent.Call] = []
                for await call in agent.calls {
                    open.append(call)
                    if open.count == 2 { break }
                }
                await conversations.surfaceStopped("a")
                let endings = try await store.turns().map(\.ending)
                #expect(endings == [.cut, nil])
                for call in open {
                    call.say("done")
                    call.finish()
                }
            }

            #expect(try await store.turns().map(\.ending) == [.cut, .answered])
        }
    }

    @Test func `drain at once when no turn runs, and cut off those that run too long`() async throws {
        try await withStore { store, _ in
            let turn = try await store.ask()
            let agent = ScriptedAgent.held
            let scene = EngineScene(store, RecordingSurface().running(), agent: agent)

            await TaskScope.run(on: OperatingSystem()) { deliveries in
                await TaskScope.run(on: OperatingSystem()) { turns in
                    scene.conversations.open(turns: turns, deliveries: deliveries)
                    scene.conversations.ask(turn.conversation)
                    for await _ in agent.calls { break }
                    await scene.conversations.drain(patience: .zero, turns: turns)
                }
                await scene.conversations.untilDelivered()
            }

            #expect(try await store.turns().map(\.ending) == [.cut])
            #expect(try await store.said().count == 1)
        }
    }

    @Test func `wake all in which a question waits or something is owed`() async throws {
        try await withStore { store, _ in
            try await store.ask("1", in: "asking")
            try await store.owe("owed", in: "owing")
            let surface = RecordingSurface()

            try await EngineScene(store, surface.running()).run { try await $0.wakeAll() }

            #expect(Set(surface.said) == ["Yes.", "owed"])
        }
    }
}
