import LoopbackServer
import Testing

@testable import AgentLink

@Suite("Captured answers over a socket", .timeLimit(.minutes(2)))
struct CaptureServingTests {
    @Test(arguments: Capture.all)
    func `mean what they meant`(capture: Capture) async throws {
        let head = capture.head.split(separator: "\r\n").filter { !Self.isFraming($0) }.joined(separator: "\r\n")
        let agent = try ScriptedAgent { connection, _ in
            try connection.write(head + "\r\n\r\n")
            for piece in Chunking.random.cut(capture.body, seed: 3) { try connection.write(Array(piece)) }
        }
        let client = agent.client(capture.isOpenAI ? .openAI(model: "fake") : .agUI)

        guard let ending = capture.ending else {
            let error = await #expect(throws: AgentError.self) { try await client.hear(capture.request) }
            return #expect(error == Self.refusal(capture.status))
        }
        let said = try await client.hear(capture.request)

        #expect(said.ending == ending)
        #expect(said.texts == capture.texts)
    }

    /// What says how the body ends: it is served until the connection closes.
    private static func isFraming(_ line: Substring) -> Bool {
        ["transfer-encoding:", "content-length:", "connection:"].contains { line.lowercased().hasPrefix($0) }
    }

    private static func refusal(_ status: Int) -> AgentError {
        let refusal: AgentError.Refusal =
            switch status {
            case 401: .unauthorized
            case 404: .notFound(maySpeakWebSocketOnly: false)
            default: .unacceptable(status: status)
            }
        return .refused(refusal, reason: "the agent answered \(status)")
    }
}
