import LoopbackServer
import Synchronization
import Testing

@testable import HTTP

@Suite("Streamed request bodies", .timeLimit(.minutes(2)))
struct StreamedRequestTests {
    /// Gives `parts` one by one and counts how often it was asked.
    final class Parts: Sendable {
        private let rest: Mutex<[String]>
        let calls = Mutex(0)

        init(_ parts: [String]) { rest = Mutex(parts) }

        @Sendable func next() async throws -> [UInt8]? {
            calls.withLock { $0 += 1 }
            return rest.withLock { $0.isEmpty ? nil : Array($0.removeFirst().utf8) }
        }
    }

    struct SourceBroke: Error {}

    @Test func `of known length go out as one body`() async throws {
        let server = try RequestTests.echo()
        let parts = Parts(["one, ", "", "two, ", "three"])

        let reply = try await HTTPClient().send(
            HTTPRequest("POST", server.url, body: .stream(length: 15, next: parts.next))
        )

        #expect(String(decoding: reply.body, as: UTF8.self).hasSuffix("Content-Length: 15\r\n\r\none, two, three"))
    }

    @Test func `of unknown length go out chunked`() async throws {
        let server = try TestServer { connection in
            let head = try connection.readHead()
            let body = try connection.read(count: "3\r\none\r\n5\r\nthree\r\n0\r\n\r\n".utf8.count)
            try connection.respond(body: head + String(decoding: body, as: UTF8.self))
        }
        let parts = Parts(["one", "three"])

        let reply = try await HTTPClient().send(
            HTTPRequest("POST", server.url, body: .stream(length: nil, next: parts.next))
        )

        let sent = String(decoding: reply.body, as: UTF8.self)
        #expect(sent.contains("Transfer-Encoding: chunked\r\n"))
        #expect(sent.hasSuffix("\r\n\r\n3\r\none\r\n5\r\nthree\r\n0\r\n\r\n"))
    }

    @Test func `larger than any buffer arrive whole`() async throws {
        let size = 20 << 20
        let server = try TestServer { connection in
            let request = try connection.readRequest()
            let isWhole = request.body.count == size && request.body.allSatisfy { $0 == 5 }
            try connection.respond(isWhole ? "200 OK" : "400 Bad Request")
        }
        let left = Mutex(size)

        let reply = try await HTTPClient().send(
            HTTPRequest(
                "POST",
                server.url,
                body: .stream(length: size) {
                    left.withLock { left in
                        guard left > 0 else { return nil }
                        let count = min(left, 300_001)
                        left -= count
                        return [UInt8](repeating: 5, count: count)
                    }
                }
            )
        )

        #expect(reply.status == 200)
    }

    @Test func `are not begun when the server cannot be reached`() async throws {
        let parts = Parts(["never"])
        let port = try TestServer.unusedPort()

        let error = await #expect(throws: HTTPError.self) {
            try await HTTPClient().send(
                HTTPRequest("POST", "http://127.0.0.1:\(port)", body: .stream(length: nil, next: parts.next))
            )
        }

        #expect(error?.obstacle == .connection)
        #expect(parts.calls.withLock { $0 } == 0)
    }

    @Test(arguments: [nil, 10])
    func `that fail at once leave nothing of the body with the server`(length: Int?) async throws {
        let afterHead = Gate<[UInt8]>()
        let server = try TestServer { connection in
            try connection.readHead()
            afterHead.open(with: connection.readToEnd())
        }

        let error = await #expect(throws: HTTPError.self) {
            try await HTTPClient().send(
                HTTPRequest("POST", server.url, body: .stream(length: length) { throw SourceBroke() })
            )
        }

        #expect(error == .invalidRequest(reason: "the request body could not be made"))
        #expect(await afterHead.value.isEmpty)
    }

    @Test func `that fail later leave an unfinished body with the server`() async throws {
        let afterHead = Gate<[UInt8]>()
        let server = try TestServer { connection in
            try connection.readHead()
            afterHead.open(with: connection.readToEnd())
        }
        let parts = Parts(["begun"])

        let error = await #expect(throws: HTTPError.self) {
            try await HTTPClient().send(
                HTTPRequest(
                    "POST",
                    server.url,
                    body: .stream(length: nil) {
                        guard let part = try await parts.next() else { throw SourceBroke() }
                        return part
                    }
                )
            )
        }

        #expect(error?.isInterrupted == true)
        #expect(await afterHead.value == Array("5\r\nbegun\r\n".utf8))
    }

    @Test(arguments: [4, 6])
    func `of another length than announced are never completed`(length: Int) async throws {
        let afterHead = Gate<[UInt8]>()
        let server = try TestServer { connection in
            try connection.readHead()
            afterHead.open(with: connection.readToEnd())
        }

        let error = await #expect(throws: HTTPError.self) {
            try await HTTPClient().send(
                HTTPRequest("POST", server.url, body: .stream(length: length, next: Parts(["five!"]).next))
            )
        }

        #expect(error == .invalidRequest(reason: "the request body is not as long as announced"))
        #expect(await afterHead.value.count < length)
    }

    @Test(arguments: ["", "Connection: close\r\n"])
    func `that the server refuses unread are cancelled, and the refusal is read`(field: String) async throws {
        let wasAsked = Gate<Void>()
        let server = try TestServer { connection in
            try connection.readHead()
            wasAsked.wait()
            try connection.respond("413 Content Too Large", headers: field, body: "too large")
            connection.readToEnd()
        }
        let wasCancelled = Gate<Void>()

        let reply = try await HTTPClient().send(
            HTTPRequest(
                "POST",
                server.url,
                body: .stream(length: nil) {
                    wasAsked.open()
                    await untilCancelled()
                    wasCancelled.open()
                    throw CancellationError()
                }
            )
        )

        #expect(reply.status == 413)
        #expect(reply.body == Array("too large".utf8))
        await wasCancelled.value
    }

    @Test func `go on when the server begins to answer before their end`() async throws {
        let answered = Gate<Void>()
        let server = try TestServer { connection in
            try connection.readHead()
            try connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            answered.open()
            let body = try connection.read(count: "4\r\nlate\r\n0\r\n\r\n".utf8.count)
            try connection.write("4\r\n\(body.count)\r\n\r\n0\r\n\r\n")
        }
        let parts = Parts(["late"])

        let reply = try await HTTPClient().send(
            HTTPRequest(
                "POST",
                server.url,
                body: .stream(length: nil) {
                    await answered.value
                    return try await parts.next()
                }
            )
        )

        #expect(reply.body == Array("14\r\n".utf8))
    }

    @Test func `are cancelled when the connection breaks`() async throws {
        let wasAsked = Gate<Void>()
        let server = try TestServer { connection in
            try connection.readHead()
            wasAsked.wait()
            connection.reset()
        }
        let wasCancelled = Gate<Void>()

        let error = await #expect(throws: HTTPError.self) {
            try await HTTPClient().send(
                HTTPRequest(
                    "POST",
                    server.url,
                    body: .stream(length: nil) {
                        wasAsked.open()
                        await untilCancelled()
                        wasCancelled.open()
                        throw CancellationError()
                    }
                )
            )
        }

        #expect(error?.isInterrupted == true)
        await wasCancelled.value
    }
}

/// Returns when the task is cancelled.
func untilCancelled() async {
    let (stream, continuation) = AsyncStream<Never>.makeStream()
    await withTaskCancellationHandler {
        for await _ in stream {}
    } onCancel: {
        continuation.finish()
    }
}

extension HTTPError {
    /// What kept the request from being sent; `nil` when it may have been.
    var obstacle: Obstacle? { if case .notSent(let obstacle, _) = self { obstacle } else { nil } }
}
