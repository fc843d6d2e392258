import AgentLink
import Basics
import SurfaceKit
import Synchronization
import Testing

@testable import Engine
@testable import State

@Suite("Files of a question", .timeLimit(.minutes(1)))
struct QuestionFilesTests {
    private func file(_ name: String) -> InboundFile {
        InboundFile(reference: FileReference(name), kind: .document, name: name, mimeType: "text/plain", size: 5)
    }

    /// Fails as `failures` say, then gives the file.
    private func surface(_ failures: SurfaceError...) -> RecordingSurface {
        let left = Mutex(failures)
        return RecordingSurface(download: { file throws(SurfaceError) in
            let failure = left.withLock { $0.isEmpty || file.rawValue == "sound" ? nil : $0.removeFirst() }
            if let failure { throw failure }
            return Array("bytes".utf8)
        })
    }

    private let soon = SurfaceError.unavailable(retryAfter: .milliseconds(1), reason: "502")
    /// Later than anybody waits.
    private let never = SurfaceError.unavailable(retryAfter: .seconds(3600), reason: "502")

    @Test func `are fetched again when that may succeed`() async throws {
        try await withStore { store, directory in
            let turn = try await store.ask("look", files: [file("a.txt")])
            let agent = ScriptedAgent()
            let surface = surface(soon, soon, .unavailable(retryAfter: .milliseconds(2), reason: "503"))

            try await EngineScene(store, surface.running(), agent: agent).ask(turn.conversation)

            #expect(agent.asked.map { $0.messages.map(\.words) } == [["look <a.txt>"]])
            #expect(surface.said == ["Yes."])
            guard case .file(let sent)? = agent.asked.first?.messages.first?.parts.last,
                case .path(let path) = sent.source
            else {
                Issue.record("the file goes with the question")
                return
            }
            #expect(path.hasPrefix("\(directory)/files/"))
        }
    }

    @Test(arguments: [true, false])
    func `are missed when they do not come, and the question is asked with the others`(atOnce: Bool) async throws {
        try await withStore { store, _ in
            let turn = try await store.ask("look", files: [file("a.txt"), file("sound")])
            let agent = ScriptedAgent()
            let surface = atOnce ? surface(.refused(.other, reason: "gone")) : surface(soon, soon, never)

            try await EngineScene(store, surface.running(), agent: agent).ask(turn.conversation)

            #expect(agent.asked.map(\.messages.last?.words) == ["look [file: a.txt, not available] <sound>"])
            #expect(surface.said.count == 2)
            #expect(surface.said.first == "Yes.")
            #expect(surface.said.last?.hasPrefix("⚠️") == true)
            #expect(surface.said.last?.contains("a.txt") == true)
        }
    }

    @Test func `are named to the agent when they turn out too large`() async throws {
        try await withStore { store, _ in
            let turn = try await store.ask("", files: [file("big.txt")])
            let agent = ScriptedAgent()
            let surface = surface(.refused(.tooLarge, reason: "more than 100 bytes"))

            try await EngineScene(store, surface.running(), agent: agent).ask(turn.conversation)

            #expect(agent.asked.map(\.messages.last?.words) == ["[file: big.txt, not available]"])
            #expect(surface.said.last?.contains("big.txt") == true)
        }
    }

    @Test func `are waited for no longer than the first attempt allows, also over a restart`() async throws {
        try await withStore { store, _ in
            let turn = try await store.ask("look", files: [file("a.txt")])
            try await store.script("UPDATE turn SET tried_at = 1")
            let agent = ScriptedAgent()
            let surface = surface(soon, soon, soon)

            try await EngineScene(store, surface.running(), agent: agent).ask(turn.conversation)

            #expect(agent.asked.map(\.messages.last?.words) == ["look [file: a.txt, not available]"])
        }
    }

    @Test func `hold up no stop`() async throws {
        try await withStore { store, _ in
            let turn = try await store.ask("look", files: [file("a.txt")])
            let fetching = LogLines()
            let surface = surface(.unavailable(retryAfter: .seconds(59), reason: "down"))
            let agent = ScriptedAgent()
            let runtime = surface.running(log: fetching.log)

            try await EngineScene(store, runtime, agent: agent).run { conversations in
                conversations.ask(turn.conversation)
                while fetching.phrases(.warning).isEmpty { await Task.yield() }
                conversations.end(turn: turn.id, as: .stopped)
            }

            #expect(agent.asked.isEmpty)
            #expect(try await store.turns().map(\.ending) == [.stopped])
            #expect(surface.said.count == 1)
        }
    }
}
