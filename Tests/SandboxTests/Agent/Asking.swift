import Basics
import Foundation
import HTTP

@testable import Sandbox

/// A host that asks the sample agent.
enum Asking {
    static func body(
        _ texts: [String],
        thread: String = "7",
        run: String = "r1",
        files: [(name: String, type: String, mimeType: String, bytes: [UInt8])] = []
    ) -> JSONValue {
        var messages = texts.enumerated().map { index, text -> JSONValue in
            [
                "id": .string("m\(index)"), "role": index % 2 == 0 ? "user" : "assistant", "content": .string(text),
            ]
        }
        if !files.isEmpty {
            let parts = files.map { file -> JSONValue in
                let source: JSONValue = [
                    "type": "data", "value": .string(base64(file.bytes)), "mimeType": .string(file.mimeType),
                ]
                return ["type": .string(file.type), "source": source, "metadata": ["filename": .string(file.name)]]
            }
            messages.append(["id": "f", "role": "user", "content": .array(parts)])
        }
        return [
            "threadId": .string(thread), "runId": .string(run), "messages": .array(messages),
            "forwardedProps": ["surface": "telegram"],
        ]
    }

    static func request(
        _ body: JSONValue,
        method: String = "POST",
        type: String = "application/json"
    ) -> HTTPServerRequest {
        HTTPServerRequest(
            method: method,
            path: "/",
            query: [],
            headers: [HTTPHeader("Content-Type", type)],
            body: body.encoded
        )
    }

    /// All events of the answer.
    static func events(_ response: HTTPServerResponse) async throws -> [JSONValue] {
        guard case .stream(let pieces) = response.body else { return [] }
        var parser = ServerSentEventParser()
        var events: [JSONValue] = []
        for await piece in pieces { events += try parser.append(piece).map { try JSONValue(parsing: $0.data) } }
        return events
    }

    static func events(_ texts: String...) async throws -> [JSONValue] {
        try await events(AgentServer(.sample(pace: 0)).answer(request(body(texts))))
    }
}

extension [JSONValue] {
    var types: [String] { compactMap { $0["type"]?.string } }

    /// The types without repetitions in a row.
    var shape: [String] { types.reduce(into: []) { if $0.last != $1 { $0.append($1) } } }

    var text: String {
        filter { $0["type"]?.string == "TEXT_MESSAGE_CONTENT" }.compactMap { $0["delta"]?.string }.joined()
    }
}
