import Basics
import Foundation
import Testing

@testable import AgentLink

@Suite("The request to the agent", .timeLimit(.minutes(1)))
struct RequestTests {
    private func ask(
        _ request: AgentRequest,
        _ codec: AgentConfiguration.Codec = .agUI,
        change: (inout AgentConfiguration) -> Void = { _ in }
    ) async throws -> ScriptedAgent.Asked {
        let agent = try ScriptedAgent(saying: [])
        _ = try await agent.client(codec, change: change).hear(request)
        return try #require(agent.asked.first)
    }

    private let picture = AgentFile(
        kind: .image,
        source: .data([1, 2, 3, 4]),
        mimeType: "image/png",
        name: "a \"b\".png"
    )

    // MARK: - Head

    @Test func `asks for an event stream, uncompressed, over HTTP/1.1`() async throws {
        let head = try await ask(.asking()).head
        let lines = Set(head.split(separator: "\r\n"))

        #expect(head.hasPrefix("POST /agent HTTP/1.1\r\n"))
        #expect(lines.contains("Accept: text/event-stream"))
        #expect(lines.contains("Content-Type: application/json"))
        #expect(!head.lowercased().contains("accept-encoding"))
        #expect(!head.lowercased().contains("expect:"))
        #expect(!head.lowercased().contains("transfer-encoding"))
        #expect(!head.contains("Authorization"))
    }

    @Test func `carries the key`() async throws {
        let head = try await ask(.asking()) { $0.apiKey = Secret("k-1") }.head

        #expect(head.contains("\r\nAuthorization: Bearer k-1\r\n"))
    }

    // MARK: - AG-UI

    @Test func `has every field that any version wants`() async throws {
        let transcript = [
            AgentMessage(id: "q1", role: .user, parts: [.text("hi"), .text("there \u{1F44B}")]),
            AgentMessage(id: "server-id", role: .assistant, parts: [.text("hello")]),
            AgentMessage(id: "q2", role: .user, parts: [.text("")]),
        ]

        let body = try await ask(.asking(runID: "r-1", thread: .max, messages: transcript)).json

        #expect(
            body == [
                "threadId": "9223372036854775807", "runId": "r-1", "protocolVersion": "1.0", "state": [:],
                "messages": [
                    ["id": "q1", "role": "user", "content": "hi\nthere \u{1F44B}"],
                    ["id": "server-id", "role": "assistant", "content": "hello"],
                    ["id": "q2", "role": "user", "content": ""],
                ],
                "tools": [], "context": [],
                "forwardedProps": [
                    "platform_chat_id": .value(.max), "surface": "telegram", "kind": "telegram",
                ],
            ]
        )
    }

    @Test func `carries files as content parts, in order`() async throws {
        let address = AgentFile.Source.url("https://h/x.pdf")
        let linked = AgentFile(kind: .document, source: address, mimeType: "application/pdf", name: "x.pdf")
        let question = AgentMessage(id: "q", role: .user, parts: [.file(picture), .text("see"), .file(linked)])

        let body = try await ask(.asking(messages: [question])).json

        #expect(
            body?["messages"]?[0]?["content"] == [
                [
                    "type": "image", "source": ["type": "data", "value": "AQIDBA==", "mimeType": "image/png"],
                    "metadata": ["filename": "a \"b\".png"],
                ],
                ["type": "text", "text": "see"],
                [
                    "type": "document",
                    "source": ["type": "url", "value": "https://h/x.pdf", "mimeType": "application/pdf"],
                    "metadata": ["filename": "x.pdf"],
                ],
            ]
        )
    }

    @Test func `shows an assistant’s message without its files, which the protocol does not know`() async throws {
        let answer = AgentMessage(id: "a", role: .assistant, parts: [.text("here"), .file(picture)])

        let body = try await ask(.asking(messages: [answer])).json

        #expect(body?["messages"]?[0]?["content"] == "here")
    }

    // MARK: - Chat completions

    @Test(arguments: [
        ("", "POST /agent/chat/completions HTTP/1.1"), ("/", "POST /agent/chat/completions HTTP/1.1"),
        ("?v=1", "POST /agent/chat/completions?v=1 HTTP/1.1"),
    ])
    func `goes below the base for chat completions`(suffix: String, line: String) async throws {
        let head = try await ask(.asking(), .openAI(model: "m")) { $0.url += suffix }.head

        #expect(head.hasPrefix(line + "\r\n"))
    }

    @Test func `has what chat completions need`() async throws {
        let report = AgentFile(kind: .document, source: .data([5]), mimeType: "application/pdf", name: "r.pdf")
        let transcript = [
            AgentMessage(id: "q1", role: .user, parts: [.text("hi")]),
            AgentMessage(id: "a1", role: .assistant, parts: [.text("hello")]),
            AgentMessage(id: "q2", role: .user, parts: [.text("see"), .file(picture), .file(report)]),
        ]

        let body = try await ask(.asking(messages: transcript), .openAI(model: "m")).json

        #expect(
            body == [
                "model": "m", "stream": true, "stream_options": ["include_usage": true],
                "messages": [
                    ["role": "user", "content": "hi"], ["role": "assistant", "content": "hello"],
                    [
                        "role": "user",
                        "content": [
                            ["type": "text", "text": "see"],
                            ["type": "image_url", "image_url": ["url": "data:image/png;base64,AQIDBA=="]],
                            [
                                "type": "file",
                                "file": ["filename": "r.pdf", "file_data": "data:application/pdf;base64,BQ=="],
                            ],
                        ],
                    ],
                ],
            ]
        )
    }

    // MARK: - Files on disk

    private func onDisk(_ bytes: [UInt8]) throws -> URL {
        let url = FileManager.default.temporaryDirectory.appending(path: "agentlink-\(UUID().uuidString)")
        try Data(bytes).write(to: url)
        return url
    }

    private func question(_ url: URL) -> AgentRequest {
        let file = AgentFile(kind: .video, source: .path(url.path()), mimeType: "video/mp4", name: "v.mp4")
        return .asking(messages: [AgentMessage(id: "q", role: .user, parts: [.file(file)])])
    }

    @Test(arguments: [0, 1, 2, 3, 49_151, 49_152, 49_153, 1_000_000])
    func `encodes a file while it is sent`(size: Int) async throws {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let url = try onDisk(bytes)
        defer { try? FileManager.default.removeItem(at: url) }

        let body = try await ask(question(url)).json

        let value = body?["messages"]?[0]?["content"]?[0]?["source"]?["value"]?.string
        #expect(value == Data(bytes).base64EncodedString())
    }

    @Test func `never holds more than a piece of a file`() async throws {
        let url = try onDisk([UInt8](repeating: 1, count: 1_000_000))
        defer { try? FileManager.default.removeItem(at: url) }
        let body = try RequestBody(AGUIRequest.body(question(url)))
        let reader = RequestBodyReader(body) {}

        var pieces: [[UInt8]] = []
        while let piece = try await reader.next() { pieces.append(piece) }

        #expect(pieces.allSatisfy { $0.count <= 65_536 })
        #expect(pieces.reduce(0) { $0 + $1.count } == body.length)
    }

    @Test func `is not sent when a file is gone`() async throws {
        let agent = try ScriptedAgent(saying: [])

        let error = await #expect(throws: AgentError.self) {
            try await agent.client().hear(question(URL(filePath: "/nowhere/secret.mp4")))
        }

        #expect(error == .refused(.unsendable, reason: "a file of the message cannot be read"))
        #expect(agent.connections == 0)
    }

    @Test func `is given up when a file changes on the way`() async throws {
        let url = try onDisk([UInt8](repeating: 1, count: 300_000))
        defer { try? FileManager.default.removeItem(at: url) }
        let agent = try ScriptedAgent(saying: [])

        let error = await #expect(throws: AgentError.self) {
            try await agent.client().run(question(url)) { try Data("short".utf8).write(to: url) }
        }

        #expect(error == .refused(.unsendable, reason: "a file of the message changed while it was sent"))
        #expect(agent.asked.isEmpty)
    }
}

extension JSONValue {
    fileprivate static func value(_ number: Int64) -> JSONValue { JSONValue(number) }
}
