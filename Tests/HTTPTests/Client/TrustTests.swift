import LoopbackServer
import TLSFixture
import Testing

@testable import HTTP

@Suite("TLS trust", .timeLimit(.minutes(2)))
struct TrustTests {
    @Test func `in an authority of one client's own is that client's only`() async throws {
        let server = try await Threads.result { try TLSServer() }
        let url = "https://127.0.0.1:\(server.port)/"
        let trusting = HTTPClient(HTTPClientConfiguration(trustedCertificates: server.authority))

        #expect(try await trusting.send(HTTPRequest("GET", url)).status == 200)
        let error = await #expect(throws: HTTPError.self) { try await HTTPClient().send(HTTPRequest("GET", url)) }
        #expect(error?.obstacle == .certificate)
        #expect(try await trusting.send(HTTPRequest("GET", url)).status == 200)
    }

    @Test func `is refused to a certificate for another host`() async throws {
        let server = try await Threads.result { try TLSServer(certificateFor: "DNS:elsewhere.example") }
        let client = HTTPClient(HTTPClientConfiguration(trustedCertificates: server.authority))

        let error = await #expect(throws: HTTPError.self) {
            try await client.send(HTTPRequest("POST", "https://127.0.0.1:\(server.port)/", body: .bytes([1])))
        }

        #expect(error?.obstacle == .certificate)
    }

    @Test func `cannot be had with a server that speaks no TLS`() async throws {
        let server = try TestServer { connection in
            _ = try connection.readSome()
            try connection.respond("400 Bad Request")
        }

        let error = await #expect(throws: HTTPError.self) {
            try await HTTPClient().send(HTTPRequest("GET", "https://127.0.0.1:\(server.port)/"))
        }

        #expect(error?.obstacle == .tls)
    }

    @Test func `in a file that cannot be read makes a request invalid`() async throws {
        let client = HTTPClient(HTTPClientConfiguration(trustedCertificates: "/nowhere/ca.pem"))

        let error = await #expect(throws: HTTPError.self) {
            try await client.send(HTTPRequest("GET", "https://127.0.0.1:1/"))
        }

        #expect(
            error == .invalidRequest(reason: "cannot read certificates at /nowhere/ca.pem: No such file or directory")
        )
    }

    @Test func `in a file without certificates makes a request invalid`() async throws {
        let server = try await Threads.result { try TLSServer() }
        let file = try TemporaryFile("no PEM")
        let client = HTTPClient(HTTPClientConfiguration(trustedCertificates: file.path))

        let error = await #expect(throws: HTTPError.self) {
            try await client.send(HTTPRequest("GET", "https://127.0.0.1:\(server.port)/"))
        }

        #expect(error == .invalidRequest(reason: "the trusted certificates are not a PEM file"))
    }
}
