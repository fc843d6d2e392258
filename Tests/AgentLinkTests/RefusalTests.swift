import Basics
import Foundation
import LoopbackServer
import Testing

@testable import AgentLink

@Suite("A refusal by the agent", .timeLimit(.minutes(1)))
struct RefusalTests {
    private func error(
        _ status: String,
        headers: String = "",
        derivedFromWebSocket: Bool = false
    ) async throws -> AgentError? {
        let agent = try ScriptedAgent { connection, _ in
            try connection.respond(status, headers: headers, body: "secret=abc")
        }
        let client = agent.client { $0.derivedFromWebSocket = derivedFromWebSocket }
        let error = await #expect(throws: AgentError.self) { try await client.hear() }
        #expect("\(String(describing: error))".contains("secret") == false)
        #expect(agent.connections == 1)
        return error
    }

    @Test(arguments: [
        (401, AgentError.Refusal.unauthorized), (403, .unauthorized),
        (404, .notFound(maySpeakWebSocketOnly: false)), (405, .notFound(maySpeakWebSocketOnly: false)),
        (426, .notFound(maySpeakWebSocketOnly: false)),
        (400, .unacceptable(status: 400)), (413, .unacceptable(status: 413)), (415, .unacceptable(status: 415)),
        (422, .unacceptable(status: 422)),
        (500, .failure(status: 500)), (502, .failure(status: 502)),
        (204, .failure(status: 204)), (206, .failure(status: 206)),
    ])
    func `is named after what to do`(status: Int, refusal: AgentError.Refusal) async throws {
        #expect(try await error("\(status) x") == .refused(refusal, reason: "the agent answered \(status)"))
    }

    @Test(arguments: [404, 405, 426])
    func `hints at an agent that speaks WebSocket only`(status: Int) async throws {
        let refusal = AgentError.Refusal.notFound(maySpeakWebSocketOnly: true)
        let reason = "the agent answered \(status); it may speak WebSocket only"

        #expect(try await error("\(status) x", derivedFromWebSocket: true) == .refused(refusal, reason: reason))
    }

    @Test(arguments: ["301", "302", "303", "307", "308"])
    func `is a redirect too, which is not followed`(status: String) async throws {
        let error = try await error("\(status) x", headers: "Location: /elsewhere\r\n")

        guard case .refused(.failure(let found), _)? = error else { return #expect(error == nil) }
        #expect(String(found) == status)
    }

    @Test(arguments: ["application/json", "text/event-streams", "application/vnd.ag-ui.event+proto", ""])
    func `is a success without an event stream`(type: String) async throws {
        let error = try await error("200 OK", headers: type.isEmpty ? "" : "Content-Type: \(type)\r\n")

        #expect(error == .refused(.failure(status: 200), reason: "the agent answered 200 without an event stream"))
    }

    @Test func `is told by the status, whatever the content type says`() async throws {
        let error = try await error("500 x", headers: "Content-Type: text/event-stream\r\n")

        #expect(error == .refused(.failure(status: 500), reason: "the agent answered 500"))
    }

    @Test(arguments: [
        ("429 x", "", nil), ("503 x", "", nil), ("409 x", "", nil), ("529 x", "", nil),
        ("429 x", "Retry-After: 7\r\n", Duration.seconds(7)),
        ("503 x", "retry-after:  120 \r\n", .seconds(120)), ("429 x", "Retry-After: soon\r\n", nil),
    ])
    func `for now says when to come back`(status: String, headers: String, delay: Duration?) async throws {
        let error = try await error(status, headers: headers)

        #expect(error == .unreachable(retryAfter: delay, reason: "the agent answered \(status.prefix(3))"))
    }

    @Test func `does not wait for the rest of a large request`() async throws {
        let server = try TestServer { connection in
            try connection.readHead()
            try connection.respond("413 x", headers: "Connection: close\r\n")
            connection.readToEnd()
        }
        let bytes = [UInt8](repeating: 7, count: 30 << 20)
        let file = AgentFile(kind: .video, source: .data(bytes), mimeType: "video/mp4", name: "f")
        let question = AgentMessage(id: "q", role: .user, parts: [.file(file)])
        let client = DirectAgent(AgentConfiguration(url: server.url))

        let error = await #expect(throws: AgentError.self) { try await client.hear(.asking(messages: [question])) }

        #expect(error == .refused(.unacceptable(status: 413), reason: "the agent answered 413"))
    }

    @Test(arguments: ["not a URL", "ftp://127.0.0.1/", ""])
    func `is ours when the address is none`(url: String) async throws {
        let error = await #expect(throws: AgentError.self) {
            try await DirectAgent(AgentConfiguration(url: url)).hear()
        }

        guard case .refused(.unsendable, _)? = error else { return #expect(error == nil) }
    }

    @Test func `is reported by a probe, which begins no run`() async throws {
        let agent = try ScriptedAgent { connection, _ in try connection.respond("405 Method Not Allowed") }

        let status = try await agent.client { $0.apiKey = Secret("key") }.probe()

        #expect(status == 405)
        #expect(agent.asked.first?.head.hasPrefix("GET /agent HTTP/1.1\r\n") == true)
        #expect(agent.asked.first?.head.contains("Authorization: Bearer key\r\n") == true)
    }

    @Test func `never shows in log or error what the agent wrote or the key is`() async throws {
        let lines = Mutexed<[String]>([])
        let log = Log(minimum: .debug) { line in lines.update { $0.append("\(line)") } }
        let agent = try ScriptedAgent(
            saying: [
                #"{"type":"RUN_STARTED","runId":"run","note":"secret"}"#, #"{"type":"secret"}"#, "secret",
                #"{"type":"TEXT_MESSAGE_CONTENT","messageId":"secret","delta":"secret"}"#,
                #"{"type":"RUN_ERROR","message":"secret","code":"a secret"}"#,
            ]
        )

        let said = try await agent.client(log: log) { $0.apiKey = Secret("secret") }.hear(.asking("secret"))

        #expect(said.ending == .failed(code: nil))
        #expect(lines.value.count == 4)
        #expect(lines.value.allSatisfy { !$0.contains("secret") })
    }
}
