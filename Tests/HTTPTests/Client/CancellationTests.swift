import LoopbackServer
import Testing

@testable import HTTP

@Suite("HTTP cancellation and timeouts", .timeLimit(.minutes(2)))
struct CancellationTests {
    /// A server that sends `answer` to the first request, then waits for the end of the connection.
    struct Peer {
        let server: TestServer
        let asked = Gate<Void>()
        let closed = Gate<Void>()

        init(answer: String = "") throws {
            server = try TestServer { [asked, closed] connection in
                try connection.readHead()
                try connection.write(answer)
                asked.open()
                connection.readToEnd()
                closed.open()
            }
        }
    }

    static let unfinished = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegin"

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nX-Unfin"])
    func `cancelling before the head closes the connection`(answer: String) async throws {
        let peer = try Peer(answer: answer)
        let task = Task { try await HTTPClient().open(HTTPRequest("GET", peer.server.url)) }
        await peer.asked.value

        task.cancel()

        await #expect(throws: HTTPError.cancelled) { try await task.value }
        await peer.closed.value
    }

    @Test func `cancelling while the body is read closes the connection`() async throws {
        let peer = try Peer(answer: Self.unfinished)
        let task = Task {
            let response = try await HTTPClient().open(HTTPRequest("GET", peer.server.url))
            for try await _ in response.body {}
        }
        await peer.asked.value

        task.cancel()

        await #expect(throws: HTTPError.cancelled) { try await task.value }
        await peer.closed.value
    }

    @Test func `cancelling while the request's body is made closes the connection`() async throws {
        let peer = try Peer()
        let task = Task {
            try await HTTPClient().open(
                HTTPRequest(
                    "POST",
                    peer.server.url,
                    body: .stream(length: nil) {
                        await untilCancelled()
                        return nil
                    }
                )
            )
        }
        await peer.asked.value

        task.cancel()

        await #expect(throws: HTTPError.cancelled) { try await task.value }
        await peer.closed.value
    }

    @Test func `a task that is cancelled already connects to nobody`() async throws {
        let peer = try Peer()
        let task = Task {
            await untilCancelled()
            _ = try await HTTPClient().open(HTTPRequest("GET", peer.server.url))
        }

        task.cancel()

        await #expect(throws: HTTPError.cancelled) { try await task.value }
        #expect(peer.server.connectionCount == 0)
    }

    @Test func `dropping a response unread closes the connection`() async throws {
        let peer = try Peer(answer: Self.unfinished)

        _ = try await HTTPClient().open(HTTPRequest("GET", peer.server.url))

        await peer.closed.value
    }

    @Test func `ending the iteration early closes the connection, though the response is still held`() async throws {
        let peer = try Peer(answer: Self.unfinished)
        let response = try await HTTPClient().open(HTTPRequest("GET", peer.server.url))

        for try await _ in response.body { break }

        await peer.closed.value
        await #expect(throws: HTTPError.cancelled) { for try await _ in response.body {} }
    }

    @Test func `an iterator goes on without the response it came from`() async throws {
        let mayContinue = Gate<Void>()
        let server = try TestServer { connection in
            try connection.readHead()
            try connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n1")
            mayContinue.wait()
            try connection.write("2")
        }
        var iterator = try await HTTPClient().open(HTTPRequest("GET", server.url)).body.makeAsyncIterator()

        #expect(try await iterator.next() == Array("1".utf8))
        mayContinue.open()
        #expect(try await iterator.next() == Array("2".utf8))
        #expect(try await iterator.next() == nil)
        #expect(try await iterator.next() == nil)
    }

    @Test func `a cancelled request leaves the others alone`() async throws {
        let cancelled = try Peer(answer: Self.unfinished)
        let server = try RequestTests.echo()
        let client = HTTPClient()
        let task = Task {
            let response = try await client.open(HTTPRequest("GET", cancelled.server.url))
            for try await _ in response.body {}
        }
        await cancelled.asked.value

        async let other = client.send(HTTPRequest("GET", server.url))
        task.cancel()

        #expect(try await other.status == 200)
        await cancelled.closed.value
    }

    static let impatient = HTTPTimeouts(connect: .seconds(30), idle: .milliseconds(50))

    @Test(arguments: ["", unfinished])
    func `silence longer than allowed interrupts and closes the connection`(answer: String) async throws {
        let peer = try Peer(answer: answer)

        let error = await #expect(throws: HTTPError.self) {
            try await HTTPClient().send(HTTPRequest("GET", peer.server.url, timeouts: Self.impatient))
        }

        #expect(error?.isTimeout == true)
        await peer.closed.value
    }

    @Test func `the whole exchange is limited when asked for`() async throws {
        let server = try TestServer { connection in
            try connection.readHead()
            try connection.write("HTTP/1.1 200 OK\r\n\r\n")
            while true { try connection.write("on and on ") }
        }
        let timeouts = HTTPTimeouts(idle: nil, total: .milliseconds(100))

        let error = await #expect(throws: HTTPError.self) {
            let response = try await HTTPClient().open(HTTPRequest("GET", server.url, timeouts: timeouts))
            for try await _ in response.body {}
        }

        #expect(error?.isTimeout == true)
    }

    /// Long enough for a busy machine not to be silent by accident.
    static let patient = HTTPTimeouts(connect: .seconds(30), idle: .seconds(1))

    /// Returns when another exchange, begun now, was silent for as long as `patient` allows.
    private func untilAnotherWasTooSilent() async throws {
        let peer = try Peer()
        await #expect(throws: HTTPError.self) {
            try await HTTPClient().send(HTTPRequest("GET", peer.server.url, timeouts: Self.patient))
        }
    }

    @Test func `the time that making the request's body takes is no silence of the server`() async throws {
        let server = try RequestTests.echo()
        let parts = StreamedRequestTests.Parts(["late"])

        let reply = try await HTTPClient().send(
            HTTPRequest(
                "POST",
                server.url,
                body: .stream(length: 4) {
                    try await untilAnotherWasTooSilent()
                    return try await parts.next()
                },
                timeouts: Self.patient
            )
        )

        #expect(reply.status == 200)
    }

    @Test func `the time that a reader takes is no silence of the server`() async throws {
        let size = 40 << 20
        let server = try TestServer { connection in
            try connection.readHead()
            let head = "HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n"
            try connection.write(Array(head.utf8) + [UInt8](repeating: 1, count: size))
        }

        let response = try await HTTPClient().open(HTTPRequest("GET", server.url, timeouts: Self.patient))
        try await untilAnotherWasTooSilent()

        #expect(try await response.body.reduce(0) { $0 + $1.count } == size)
    }
}
