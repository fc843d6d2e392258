import Foundation
import LoopbackServer
import Synchronization
import Testing

@testable import HTTP

@Suite("HTTP requests", .timeLimit(.minutes(2)))
struct RequestTests {
    /// Answers each request with the bytes of it.
    static func echo() throws -> TestServer {
        try TestServer { connection in
            while true {
                let request = try connection.readRequest()
                try connection.respond(body: request.head + String(decoding: request.body, as: UTF8.self))
            }
        }
    }

    static func sent(_ method: String, headers: [HTTPHeader] = [], body: HTTPBody = .none) async throws -> String {
        let server = try echo()
        let request = HTTPRequest(method, server.url + "/p", headers: headers, body: body)
        let reply = try await HTTPClient(HTTPClientConfiguration(userAgent: "test/1")).send(request)
        return String(decoding: reply.body, as: UTF8.self)
            .replacingOccurrences(of: "Host: 127.0.0.1:\(server.port)\r\n", with: "")
    }

    @Test(arguments: ["GET", "DELETE", "OPTIONS", "QUERY"])
    func `without a body announce none`(method: String) async throws {
        #expect(try await Self.sent(method) == "\(method) /p HTTP/1.1\r\nUser-Agent: test/1\r\nAccept: */*\r\n\r\n")
    }

    @Test(arguments: ["POST", "PUT", "PATCH"])
    func `whose method takes a body say that it is empty`(method: String) async throws {
        let sent = try await Self.sent(method)

        #expect(sent.hasPrefix("\(method) /p HTTP/1.1\r\n"))
        #expect(sent.contains("Content-Length: 0\r\n"))
    }

    @Test func `carry the caller's fields as they are, and nothing invented`() async throws {
        let sent = try await Self.sent(
            "POST",
            headers: [
                HTTPHeader("x-Case", "ü; a, b"), HTTPHeader("X-Empty", ""), HTTPHeader("Accept", "text/event-stream"),
                HTTPHeader("Content-Length", "99"), HTTPHeader("Expect", "100-continue"),
            ],
            body: .bytes(Array("{}".utf8))
        )

        #expect(
            sent == "POST /p HTTP/1.1\r\nUser-Agent: test/1\r\nx-Case: ü; a, b\r\nX-Empty:\r\n"
                + "Accept: text/event-stream\r\nContent-Length: 2\r\n\r\n{}"
        )
    }

    @Test func `of several megabytes arrive whole, without waiting for 100-continue`() async throws {
        let body = (0..<(5 << 20)).map { UInt8(truncatingIfNeeded: $0 / 251) }
        let arrived = Gate<[UInt8]>()
        let server = try TestServer { connection in
            let request = try connection.readRequest()
            arrived.open(with: request.body)
            try connection.respond(request.head.contains("Expect") ? "417 Expectation Failed" : "200 OK")
        }

        let reply = try await HTTPClient().send(HTTPRequest("PUT", server.url, body: .bytes(body)))

        #expect(reply.status == 200)
        #expect(await arrived.value == body)
    }

    @Test func `send files and bytes one after the other`() async throws {
        let file = try TemporaryFile("from disk")

        let sent = try await Self.sent(
            "POST",
            body: .parts([.bytes(Array("<".utf8)), .file(path: file.path), .bytes([]), .bytes(Array(">".utf8))])
        )
        let alone = try await Self.sent("POST", body: .file(path: file.path))

        #expect(sent.hasSuffix("Content-Length: 11\r\n\r\n<from disk>"))
        #expect(alone.hasSuffix("Content-Length: 9\r\n\r\nfrom disk"))
    }

    @Test(arguments: ["/nowhere/at/all", "/tmp"])
    func `of files that cannot be read are invalid, and nothing is sent`(path: String) async throws {
        let server = try Self.echo()

        let error = await #expect(throws: HTTPError.self) {
            try await HTTPClient().send(HTTPRequest("POST", server.url, body: .file(path: path)))
        }

        guard case .invalidRequest(let reason) = error else { throw try #require(error) }
        #expect(reason.contains(path))
        #expect(server.connectionCount == 0)
    }

    @Test(arguments: [
        HTTPRequest("GET", "ftp://127.0.0.1/bot1:TOKEN/x"),
        HTTPRequest("GET", "file:///bot1:TOKEN"),
        HTTPRequest("GET", "/bot1:TOKEN/x"),
        HTTPRequest("GET", "http://"),
        HTTPRequest("GET", "http://127.0.0.1:99999/bot1:TOKEN/x"),
        HTTPRequest("GET", "http://127.0.0.1/bot1:TOKEN/a b"),
        HTTPRequest("GET", "http://127.0.0.1/bot1:TOKEN/\r\nX: y"),
        HTTPRequest("GET /bot1:TOKEN", "http://127.0.0.1/"),
        HTTPRequest("", "http://127.0.0.1/"),
        HTTPRequest("GET", "http://127.0.0.1/", headers: [HTTPHeader("X", "TOKEN\r\nY: z")]),
        HTTPRequest("GET", "http://127.0.0.1/", headers: [HTTPHeader("X: y", "")]),
        HTTPRequest("HEAD", "http://127.0.0.1/", body: .bytes([1])),
    ])
    func `that would not arrive as meant are invalid, and the reason shows no secret`(request: HTTPRequest) async {
        let error = await #expect(throws: HTTPError.self) { try await HTTPClient().send(request) }

        guard case .invalidRequest(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!reason.contains("TOKEN"))
    }

    @Test func `keep the path as it was written`() async throws {
        let server = try Self.echo()

        let reply = try await HTTPClient().send(HTTPRequest("GET", server.url + "/a/../b%2Fc//d?x=%20#part"))

        #expect(String(decoding: reply.body, as: UTF8.self).hasPrefix("GET /a/../b%2Fc//d?x=%20 HTTP/1.1\r\n"))
    }
}

/// A file that goes with the value.
final class TemporaryFile: Sendable {
    let path: String

    init(_ content: String) throws {
        path = NSTemporaryDirectory() + "/" + UUID().uuidString
        try Data(content.utf8).write(to: URL(fileURLWithPath: path))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
