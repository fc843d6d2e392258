import Glibc
import LoopbackServer
import Testing

@testable import Basics
@testable import HTTP

@Suite("HTTP connections", .timeLimit(.minutes(2)))
struct ConnectionTests {
    @Test func `that are refused send nothing`() async throws {
        let port = try TestServer.unusedPort()

        let error = await #expect(throws: HTTPError.self) {
            try await HTTPClient().send(HTTPRequest("GET", "http://127.0.0.1:\(port)/bot1:TOKEN/x"))
        }

        guard case .notSent(.connection, let reason) = error else { throw try #require(error) }
        #expect(!reason.contains("TOKEN"))
    }

    @Test func `to an unknown host send nothing`() async throws {
        let error = await #expect(throws: HTTPError.self) {
            try await HTTPClient().send(HTTPRequest("GET", "http://nowhere.invalid/bot1:TOKEN/x"))
        }

        guard case .notSent(.nameResolution, let reason) = error else { throw try #require(error) }
        #expect(!reason.contains("TOKEN"))
    }

    @Test func `are kept and used again`() async throws {
        let server = try TestServer { connection in
            while true {
                try connection.readRequest()
                try connection.respond(body: "x")
            }
        }
        let client = HTTPClient()

        for _ in 0..<5 { _ = try await client.send(HTTPRequest("POST", server.url)) }

        #expect(server.connectionCount == 1)
    }

    @Test func `are new for each request of a client that wants it so, and closed after it`() async throws {
        let closed = (0..<3).map { _ in Gate<Void>() }
        let served = Counter()
        let server = try TestServer { connection in
            try connection.readRequest()
            try connection.respond(body: "x")
            connection.readToEnd()
            closed[served.increment() - 1].open()
        }
        let client = HTTPClient(HTTPClientConfiguration(freshConnections: true))

        for _ in 0..<3 { _ = try await client.send(HTTPRequest("POST", server.url)) }

        for gate in closed { await gate.value }
        #expect(server.connectionCount == 3)
    }

    /// Serves one request on each connection and hangs up on the second; `requests` counts both.
    private func serverThatDropsItsKeptConnection(requests: Counter = Counter()) throws -> TestServer {
        try TestServer { connection in
            try connection.readRequest()
            requests.increment()
            try connection.respond(body: "x")
            try connection.readRequest()
            requests.increment()
        }
    }

    @Test(arguments: ["POST", "PATCH"])
    func `that were kept and die leave open whether a request was acted on`(method: String) async throws {
        let requests = Counter()
        let server = try serverThatDropsItsKeptConnection(requests: requests)
        let client = HTTPClient()
        _ = try await client.send(HTTPRequest("GET", server.url))

        let error = await #expect(throws: HTTPError.self) {
            try await client.send(HTTPRequest(method, server.url, body: .bytes([1])))
        }

        #expect(error?.isInterrupted == true)
        #expect(requests.count == 2)
    }

    @Test(arguments: ["GET", "PUT"])
    func `that were kept and die are replaced where repeating is harmless`(method: String) async throws {
        let server = try serverThatDropsItsKeptConnection()
        let client = HTTPClient()
        _ = try await client.send(HTTPRequest("GET", server.url))
        let file = try TemporaryFile("content")

        let reply = try await client.send(
            HTTPRequest(method, server.url, body: method == "PUT" ? .file(path: file.path) : .none)
        )

        #expect(reply.status == 200)
        #expect(server.connectionCount == 2)
    }

    @Test func `serve many requests at once`() async throws {
        let server = try RequestTests.echo()
        let client = HTTPClient()

        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let reply = try await client.send(
                        HTTPRequest("POST", server.url, body: .bytes(Array("#\(number)".utf8)))
                    )
                    return String(decoding: reply.body, as: UTF8.self).hasSuffix("\r\n\r\n#\(number)")
                }
            }
            for try await isOwnAnswer in group { #expect(isOwnAnswer) }
        }
    }
}

@Suite("HTTP proxies", .timeLimit(.minutes(2)))
struct ProxyTests {
    @Test func `of the environment are ignored`() async throws {
        let proxy = try TestServer { connection in
            try connection.readHead()
            try connection.respond("502 Bad Gateway")
        }
        let server = try RequestTests.echo()
        for name in ["http_proxy", "all_proxy", "ALL_PROXY"] { setenv(name, proxy.url, 1) }
        defer { for name in ["http_proxy", "all_proxy", "ALL_PROXY"] { unsetenv(name) } }

        let reply = try await HTTPClient().send(HTTPRequest("GET", server.url))

        #expect(reply.status == 200)
        #expect(proxy.connectionCount == 0)
    }

    @Test func `are used when configured, whatever the environment excludes`() async throws {
        let seen = Gate<String>()
        let proxy = try TestServer { connection in
            seen.open(with: try connection.readHead())
            try connection.respond(body: "from the proxy")
        }
        setenv("no_proxy", "*", 1)
        defer { unsetenv("no_proxy") }
        let client = HTTPClient(HTTPClientConfiguration(proxy: Secret("http://user:secret@127.0.0.1:\(proxy.port)")))

        let reply = try await client.send(HTTPRequest("GET", "http://service.invalid/path"))

        #expect(reply.body == Array("from the proxy".utf8))
        #expect(await seen.value.hasPrefix("GET http://service.invalid/path HTTP/1.1\r\n"))
        #expect(await seen.value.contains("Proxy-Authorization: Basic"))
    }

    @Test(arguments: ["http", "socks5h"])
    func `that cannot be reached are named as the obstacle, without their password`(scheme: String) async throws {
        let port = try TestServer.unusedPort()
        let client = HTTPClient(
            HTTPClientConfiguration(proxy: Secret("\(scheme)://user:secret@127.0.0.1:\(port)"))
        )

        let error = await #expect(throws: HTTPError.self) {
            try await client.send(HTTPRequest("GET", "http://service.invalid/"))
        }

        guard case .notSent(.proxy, let reason) = error else { throw try #require(error) }
        #expect(!reason.contains("secret"))
    }

    @Test func `that refuse the tunnel are named as the obstacle`() async throws {
        let proxy = try TestServer { connection in
            try connection.readHead()
            try connection.respond("403 Forbidden", body: "no")
        }
        let client = HTTPClient(HTTPClientConfiguration(proxy: Secret("http://user:secret@127.0.0.1:\(proxy.port)")))

        let error = await #expect(throws: HTTPError.self) {
            try await client.send(HTTPRequest("POST", "https://service.invalid/bot1:TOKEN/x", body: .bytes([1])))
        }

        guard case .notSent(.proxy, let reason) = error else { throw try #require(error) }
        #expect(!reason.contains("secret") && !reason.contains("TOKEN"))
    }

    @Test(arguments: ["user:secret@", "ftp://user:secret@127.0.0.1:1", "http://user:secret@:1", "secret"])
    func `that are no addresses make the request invalid, without showing them`(address: String) async throws {
        let client = HTTPClient(HTTPClientConfiguration(proxy: Secret(address)))

        let error = await #expect(throws: HTTPError.self) {
            try await client.send(HTTPRequest("GET", "http://127.0.0.1:1/"))
        }

        guard case .invalidRequest(let reason) = error else { throw try #require(error) }
        #expect(!reason.contains("secret"))
    }
}
