import LoopbackServer
import Testing

@testable import HTTP

@Suite("HTTP responses", .timeLimit(.minutes(2)))
struct ResponseTests {
    /// A response as it goes over the wire, and what a client has to make of it.
    struct Sample: Sendable, CustomTestStringConvertible {
        let name: String
        let wire: String
        var status = 200
        var headers: [HTTPHeader] = []
        var body = ""
        var testDescription: String { name }
    }

    static let samples = [
        Sample(name: "length", wire: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", body: "hello"),
        Sample(name: "until closed", wire: "HTTP/1.1 200 OK\r\n\r\nhello", body: "hello"),
        Sample(name: "HTTP/1.0", wire: "HTTP/1.0 200 OK\r\n\r\nhello", body: "hello"),
        Sample(
            name: "chunks",
            wire: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
            body: "hello"
        ),
        Sample(
            name: "trailers are ignored",
            wire: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-Sum: 1\r\n\r\n",
            headers: [HTTPHeader("Transfer-Encoding", "chunked")],
            body: "x"
        ),
        Sample(
            name: "1xx heads are skipped",
            wire: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                + "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
            status: 404,
            headers: [HTTPHeader("Content-Length", "0")]
        ),
        Sample(name: "no content", wire: "HTTP/1.1 204 No Content\r\n\r\n", status: 204),
        Sample(name: "no reason phrase", wire: "HTTP/1.1 500\r\nContent-Length: 2\r\n\r\nno", status: 500, body: "no"),
        Sample(
            name: "a redirect is a response",
            wire: "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
            status: 302,
            headers: [HTTPHeader("Location", "http://127.0.0.1:1/"), HTTPHeader("Content-Length", "0")]
        ),
        Sample(
            name: "repeated, folded and empty fields",
            wire: "HTTP/1.1 200 OK\r\nA: 1\r\na:2  \r\nB:\r\nC: x\r\n  y\r\nContent-Length: 0\r\n\r\n",
            headers: [
                HTTPHeader("A", "1"), HTTPHeader("a", "2"), HTTPHeader("B", ""), HTTPHeader("C", "x y"),
                HTTPHeader("Content-Length", "0"),
            ]
        ),
        Sample(
            name: "a compression that was not asked for is left alone",
            wire: "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
            body: "abc"
        ),
    ]

    @Test(arguments: samples, [Int.max, 7, 1])
    func `are read, however they are cut`(sample: Sample, pieceSize: Int) async throws {
        let server = try TestServer { connection in
            try connection.readHead()
            try connection.write(Array(sample.wire.utf8), inPiecesOf: pieceSize)
        }

        let reply = try await HTTPClient().send(HTTPRequest("GET", server.url))

        #expect(reply.status == sample.status)
        #expect(reply.body == Array(sample.body.utf8))
        if !sample.headers.isEmpty { #expect(reply.headers == sample.headers) }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n",
    ])
    func `that break off give what came, then are interrupted`(wire: String) async throws {
        let server = try TestServer { connection in
            try connection.readHead()
            try connection.write(wire)
        }

        let response = try await HTTPClient().open(HTTPRequest("GET", server.url))
        var body: [UInt8] = []
        let error = await #expect(throws: HTTPError.self) {
            for try await piece in response.body { body += piece }
        }

        #expect(body == Array("hello".utf8))
        #expect(error?.isInterrupted == true)
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-", "hello, this is not HTTP\r\n\r\n"])
    func `without a complete head are interrupted`(wire: String) async throws {
        let server = try TestServer { connection in
            try connection.readHead()
            try connection.write(wire)
        }

        let error = await #expect(throws: HTTPError.self) {
            try await HTTPClient().send(HTTPRequest("GET", server.url))
        }

        #expect(error?.isInterrupted == true)
    }

    @Test func `that a reset cuts off are interrupted`() async throws {
        let server = try TestServer { connection in
            try connection.readHead()
            connection.reset()
        }

        let error = await #expect(throws: HTTPError.self) {
            try await HTTPClient().send(HTTPRequest("POST", server.url, body: .bytes([1])))
        }

        #expect(error?.isInterrupted == true)
    }

    @Test func `to HEAD end with their head`() async throws {
        let server = try TestServer { connection in
            try connection.readHead()
            try connection.write("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n")
            connection.readToEnd()
        }

        let reply = try await HTTPClient().send(HTTPRequest("HEAD", server.url))

        #expect(reply.headers["content-length"] == "99999999")
        #expect(reply.body.isEmpty)
    }

    @Test(arguments: ["Content-Length: 1000\r\n", ""])
    func `longer than the caller allows are refused and the connection closed`(lengthField: String) async throws {
        let closed = Gate<Void>()
        let server = try TestServer { connection in
            try connection.readHead()
            try connection.write("HTTP/1.1 200 OK\r\n\(lengthField)\r\n0123456789+")
            connection.readToEnd()
            closed.open()
        }

        await #expect(throws: HTTPError.tooLarge(limit: 10)) {
            try await HTTPClient().send(HTTPRequest("GET", server.url), limit: 10)
        }

        await closed.value
    }

    @Test func `come as they arrive, not at their end`() async throws {
        let mayContinue = Gate<Void>()
        let server = try TestServer { connection in
            try connection.readHead()
            try connection.write("HTTP/1.1 200 OK\r\n\r\nfirst")
            mayContinue.wait()
            try connection.write("second")
        }

        let response = try await HTTPClient().open(HTTPRequest("GET", server.url))
        var iterator = response.body.makeAsyncIterator()
        let first = try await iterator.next()
        mayContinue.open()
        let second = try await iterator.next()

        #expect(first == Array("first".utf8))
        #expect(second == Array("second".utf8))
        #expect(try await iterator.next() == nil)
    }

    @Test func `hold the server back while nobody reads them`() async throws {
        let size = 200 << 20
        let written = Gate<Void>()
        let server = try TestServer { connection in
            let head = try connection.readHead()
            try connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
            let block = [UInt8](repeating: 7, count: 1 << 20)
            for _ in 0..<(size / block.count) { try connection.write(block) }
            if head.hasPrefix("GET /unread") { written.open() }
        }

        let client = HTTPClient()
        let unread = try await client.open(HTTPRequest("GET", server.url + "/unread"))
        // The same through the same loop, in the meantime: what is not held back has come by then.
        let read = try await client.open(HTTPRequest("GET", server.url + "/read"))
        #expect(try await read.body.reduce(0) { $0 + $1.count } == size)

        #expect(!written.isOpen)
        #expect(try await unread.body.reduce(0) { $0 + $1.count } == size)
    }
}

extension HTTPError {
    var isInterrupted: Bool { if case .interrupted = self { true } else { false } }
    var isTimeout: Bool { if case .timedOut = self { true } else { false } }
}

extension TestConnection {
    /// Writes so that the peer gets small pieces.
    func write(_ bytes: [UInt8], inPiecesOf size: Int) throws {
        guard size < bytes.count else { return try write(bytes) }
        setNoDelay()
        for start in stride(from: 0, to: bytes.count, by: size) {
            try write(Array(bytes[start..<min(start + size, bytes.count)]))
        }
    }
}
