import Basics
import Foundation
import LoopbackServer
import Testing

@testable import AgentLink

@Suite("The end of a run", .timeLimit(.minutes(1)))
struct RunEndTests {
    private let beginning = run(["partial"]).dropLast().map(frame).joined()

    @Test func `comes when nothing was said for too long`() async throws {
        let agent = try ScriptedAgent { [beginning] connection, _ in
            try connection.write(ScriptedAgent.accepted + beginning)
            try connection.awaitHangUp()
        }

        let said = try await agent.client { $0.idleTimeout = .seconds(1) }.hear()

        #expect(said.ending == .timedOut)
        #expect(said.texts == ["partial"])
        try await wait { agent.closed == 1 }
    }

    @Test func `comes at the deadline however much is said`() async throws {
        let agent = try ScriptedAgent { [beginning] connection, _ in
            try connection.write(ScriptedAgent.accepted + beginning)
            while true {
                try connection.write(": still here\r\n\r\n")
                usleep(5000)
            }
        }

        #expect(try await agent.client { $0.deadline = .seconds(2) }.hear().ending == .timedOut)
    }

    @Test func `does not come while comments show life`() async throws {
        let agent = try ScriptedAgent { [beginning] connection, _ in
            try connection.write(ScriptedAgent.accepted + beginning)
            for _ in 0..<15 {
                try connection.write(": keepalive\r\n\r\n")
                usleep(100_000)
            }
            try connection.write(frame(run([])[1]))
        }

        #expect(try await agent.client { $0.idleTimeout = .seconds(1) }.hear().ending == .finished)
    }

    enum Loss: CaseIterable { case close, reset, chunk, length }

    @Test(arguments: Loss.allCases)
    func `is never a success when the connection is lost`(loss: Loss) async throws {
        let agent = try ScriptedAgent { [beginning] connection, _ in
            let type = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
            switch loss {
            case .close: try connection.write(ScriptedAgent.accepted + beginning)
            case .chunk:
                let size = String(beginning.utf8.count, radix: 16)
                try connection.write(type + "Transfer-Encoding: chunked\r\n\r\n\(size)\r\n\(beginning)\r\n")
            case .length: try connection.write(type + "Content-Length: 100000\r\n\r\n" + beginning)
            case .reset:
                try connection.write(ScriptedAgent.accepted + beginning)
                // What was sent must not be lost with the reset.
                usleep(50_000)
                connection.reset()
            }
        }

        let said = try await agent.client().hear()

        #expect(said.ending == .truncated)
        #expect(said.texts == ["partial"])
    }

    @Test func `is taken back by an error that follows`() async throws {
        let agent = try ScriptedAgent { connection, _ in
            try connection.write(ScriptedAgent.accepted)
            for event in run(["all"]) + [#"{"type":"RUN_ERROR","message":"x","code":"LATE"}"#] {
                try connection.write(frame(event))
                usleep(5000)
            }
        }

        #expect(try await agent.client().hear().ending == .failed(code: "LATE"))
    }

    @Test func `does not wait for long when the agent leaves the stream open`() async throws {
        let agent = try ScriptedAgent { connection, _ in
            try connection.write(ScriptedAgent.accepted + run(["all"]).map(frame).joined())
            try connection.awaitHangUp()
        }

        let said = try await agent.client { $0.limits.grace = .milliseconds(50) }.hear()

        #expect(said.ending == .finished)
        #expect(said.texts == ["all"])
        try await wait { agent.closed == 1 }
    }

    @Test func `does not come while the run goes on though it said that it ended`() async throws {
        let agent = try ScriptedAgent { connection, _ in
            try connection.write(ScriptedAgent.accepted)
            for word in 0..<10 {
                let chunk = #"{"choices":[{"delta":{"content":"\#(word) "},"finish_reason":"stop"}]}"#
                try connection.write(frame(chunk))
                usleep(100_000)
            }
            try connection.write(frame("[DONE]"))
            try connection.awaitHangUp()
        }

        let said = try await agent.client {
            $0.codec = .openAI(model: "m")
            $0.limits.grace = .milliseconds(400)
            $0.limits.pause = .milliseconds(400)
        }.hear()

        #expect(said.texts == ["0 1 2 3 4 5 6 7 8 9 "])
        #expect(said.ending == .finished)
    }

    @Test func `can be cancelled while an error may still follow`() async throws {
        let heard = Gate<Void>()
        let agent = try ScriptedAgent { connection, _ in
            try connection.write(ScriptedAgent.accepted + run(["all"]).map(frame).joined())
            try connection.awaitHangUp()
        }
        let call = Task {
            for try await event in try await agent.client().run(.asking(), willSend: {}) where event != .started {
                heard.open()
            }
        }
        await heard.value
        call.cancel()

        await #expect(throws: AgentError.cancelled) { try await call.value }
        try await wait { agent.closed == 1 }
    }

    @Test func `is read even when the last line lacks its end`() async throws {
        let agent = try ScriptedAgent { connection, _ in
            let stream = run(["all"]).map(frame).joined()
            try connection.write(ScriptedAgent.accepted + stream.dropLast(2))
        }

        #expect(try await agent.client().hear().ending == .finished)
    }

    enum Limit: CaseIterable {
        case frame, text, events, stream

        func apply(to limits: inout AgentLimits) {
            switch self {
            case .frame: limits.frame = 100
            case .text: limits.text = 1000
            case .events: limits.events = 30
            case .stream: limits.stream = 3000
            }
        }
    }

    @Test(arguments: Limit.allCases)
    func `comes when the answer is larger than allowed`(limit: Limit) async throws {
        let agent = try ScriptedAgent { connection, _ in
            let events = run(Array(repeating: String(repeating: "x", count: 500), count: 50))
            try connection.write(ScriptedAgent.accepted + events.map(frame).joined())
            try connection.awaitHangUp()
        }

        let said = try await agent.client { limit.apply(to: &$0.limits) }.hear()

        #expect(said.ending == .tooLarge)
        try await wait { agent.closed == 1 }
    }

    @Test func `gives the transcript what was said until then`() async throws {
        let agent = try ScriptedAgent(saying: run(["a", "b"]).dropLast())

        let outcome = try #require(try await agent.client().hear().endings.first)

        #expect(outcome.messages == [AgentMessage(id: "m", role: .assistant, parts: [.text("ab")])])
    }
}
