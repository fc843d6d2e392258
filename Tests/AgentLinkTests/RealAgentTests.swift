import Foundation
import Testing

@testable import AgentLink

@Suite("Real agents", .enabled(if: RealAgent.isWanted), .timeLimit(.minutes(15)))
struct RealAgentTests {
    typealias Kind = RealAgent.Kind

    /// A thread with its transcript, as the host keeps it.
    private struct Conversation {
        let agent: RealAgent
        /// Whether each request carries the transcript, or only the question.
        var sendsHistory = true
        let thread = Int64.random(in: 1...Int64.max)
        private var transcript: [AgentMessage] = []
        private var turn = 0

        init(_ agent: RealAgent, sendsHistory: Bool = true) {
            self.agent = agent
            self.sendsHistory = sendsHistory
        }

        mutating func ask(_ text: String, files: [AgentFile] = []) async throws -> Said {
            turn += 1
            let parts = [AgentPart.text(text)] + files.map(AgentPart.file)
            let question = AgentMessage(id: "q\(thread)-\(turn)", role: .user, parts: parts)
            let messages = (sendsHistory ? transcript : []) + [question]
            let request = AgentRequest.asking(runID: UUID().uuidString, thread: thread, messages: messages)
            let said = try await agent.client.hear(request)
            transcript += [question] + (said.endings.first?.messages ?? [])
            return said
        }
    }

    private func conversation(_ kind: Kind, sendsHistory: Bool = true) async throws -> Conversation {
        Conversation(try await RealAgents.shared[kind], sendsHistory: sendsHistory)
    }

    private let greeting = "You said: hello — привет 👋🏽 "

    @Test(arguments: Kind.allCases)
    func `answer`(kind: Kind) async throws {
        var conversation = try await conversation(kind)

        let said = try await conversation.ask("hello")

        #expect(said.texts == [greeting])
        #expect(said.ending == .finished)
        #expect(said.violations == 0)
        #expect(said.endings.first?.messages.first?.id.isEmpty == false)
    }

    @Test(arguments: Kind.allCases)
    func `answer after using a tool`(kind: Kind) async throws {
        var conversation = try await conversation(kind)

        let said = try await conversation.ask("tool")

        #expect(said.texts == ["The tool said: 21 degrees in Kazan"])
        #expect(said.activities > 0)
        #expect(said.ending == .finished)
    }

    @Test(arguments: Kind.allCases)
    func `see the files of a question`(kind: Kind) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).ogg")
        try Data(repeating: 7, count: 100_000).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        let files = [
            AgentFile(kind: .image, source: .data(Array("\u{89}PNG\r\n".utf8)), mimeType: "image/png", name: "a.png"),
            AgentFile(kind: .document, source: .data(Array("%PDF-".utf8)), mimeType: "application/pdf", name: "b.pdf"),
            AgentFile(kind: .audio, source: .path(path.path()), mimeType: "audio/ogg", name: "c.ogg"),
        ]
        var conversation = try await conversation(kind)

        let said = try await conversation.ask("file", files: files)

        let seen = said.texts.first?.dropFirst("Got: ".count).split(separator: ", ").sorted()
        #expect(seen == ["application/pdf 5", "audio/ogg 100000", "image/png 7"])
    }

    @Test(arguments: Kind.allCases)
    func `send a file to the person`(kind: Kind) async throws {
        var conversation = try await conversation(kind)

        let said = try await conversation.ask("report")

        let bytes = AgentFile.Source.data(Array("%PDF-1.4".utf8))
        #expect(
            said.files == [AgentFile(kind: .document, source: bytes, mimeType: "application/pdf", name: "report.pdf")]
        )
        #expect(said.ending == .finished)
    }

    @Test(arguments: Kind.allCases)
    func `know the transcript that they are sent, each message once`(kind: Kind) async throws {
        var conversation = try await conversation(kind)
        _ = try await conversation.ask("hello")
        let second = try await conversation.ask("history")

        let third = try await conversation.ask("history again")

        let lines = ["user: hello", "assistant: \(greeting)", "user: history"]
        #expect(second.texts == [lines.joined(separator: " | ")])
        let more = lines + ["assistant: \(lines.joined(separator: " | "))", "user: history again"]
        #expect(third.texts == [more.joined(separator: " | ")])
    }

    @Test(arguments: Kind.allCases)
    func `remember for themselves, if they do, when only the question is sent`(kind: Kind) async throws {
        var conversation = try await conversation(kind, sendsHistory: false)
        _ = try await conversation.ask("hello")

        let said = try await conversation.ask("history")

        let lines = ["user: hello", "assistant: \(greeting)", "user: history"]
        #expect(said.texts == [kind == .pydanticAI ? "user: history" : lines.joined(separator: " | ")])
    }

    @Test(arguments: Kind.allCases)
    func `fail without a word of their error`(kind: Kind) async throws {
        var conversation = try await conversation(kind)

        let said = try await conversation.ask("fail")

        #expect(said.texts == ["Partial answer "])
        #expect(said.ending == .failed(code: kind == .agno ? "RuntimeError" : nil))
        #expect(!"\(said)".contains("secret"))
    }

    @Test(arguments: Kind.allCases)
    func `wait for a confirmation, and do nothing without it`(kind: Kind) async throws {
        var conversation = try await conversation(kind)

        let said = try await conversation.ask("approve")
        #expect(said.ending == .waitsForConfirmation)

        // LangGraph asks again, the others go on.
        let next = try await conversation.ask("hello")
        #expect(next.ending == (kind == .langGraph ? .waitsForConfirmation : .finished))
        #expect(!conversation.agent.log.contains("a file was deleted"))
    }

    @Test(arguments: Kind.allCases)
    func `are left by closing the connection`(kind: Kind) async throws {
        let agent = try await RealAgents.shared[kind]
        let request = AgentRequest.asking("slow", runID: UUID().uuidString, thread: .random(in: 1...Int64.max))

        var words = 0
        for try await event in try await agent.client.run(request, willSend: {}) {
            if case .text = event { words += 1 }
            if words == 3 { break }
        }

        // LangGraph does not notice and goes on to the end.
        let line = kind == .langGraph ? "slow came to its end" : "slow was stopped"
        try await wait { agent.log.contains(line) }
    }

    @Test(arguments: Kind.allCases)
    func `are not at another address`(kind: Kind) async throws {
        let url = try await RealAgents.shared[kind].url + "/nowhere"

        let error = await #expect(throws: AgentError.self) {
            try await DirectAgent(AgentConfiguration(url: url)).hear()
        }

        guard case .refused(.notFound, _)? = error else { return #expect(error == nil) }
    }

    @Test func `that are killed leave what they had said`() async throws {
        let agent = try await RealAgent.start(.pydanticAI)
        var said = Said([])

        for try await event in try await agent.client.run(.asking("slow"), willSend: {}) {
            said.add(event)
            if said.texts.first?.contains("w2 ") == true { agent.kill() }
        }

        #expect(said.ending == .truncated)
        #expect(said.texts.first?.hasPrefix("w0 w1 w2 ") == true)
        #expect(said.violations == 0)
    }
}
