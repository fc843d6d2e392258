import Basics
import Foundation
import LoopbackServer
import Testing

@testable import HTTP

@Suite("HTTP listener", .timeLimit(.minutes(1)))
struct ListenerTests {
    private let loopback = SocketAddress(host: "127.0.0.1", port: 0)

    private func echo(_ request: HTTPServerRequest) -> HTTPServerResponse {
        let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: ";")
        let text = "\(request.method) \(request.path) \(query) \(request.headers["X-Word"] ?? "-") "
        return HTTPServerResponse(
            status: 201,
            headers: [HTTPHeader("X-Answer", "yes")],
            body: .bytes(Array(text.utf8) + request.body)
        )
    }

    private func url(_ address: SocketAddress, _ path: String) -> String { "http://\(address)\(path)" }

    @Test func `hands over what was asked, and sends what was answered`() async throws {
        try await HTTPListener(address: loopback).serve({ echo($0) }) { address in
            let request = HTTPRequest(
                "POST",
                url(address, "/a%20b?x=1&y=%C3%A9"),
                headers: [HTTPHeader("X-Word", "hi")],
                body: .bytes(Array("body".utf8))
            )
            let reply = try await HTTPClient().send(request)

            #expect(reply.status == 201)
            #expect(reply.headers["X-Answer"] == "yes")
            #expect(String(decoding: reply.body, as: UTF8.self) == "POST /a b x=1;y=é hi body")
        }
    }

    @Test func `serves IPv6, and answers many at once in any order`() async throws {
        let gate = AsyncStream<Void>.makeStream()
        try await HTTPListener(address: SocketAddress(host: "::1", port: 0)).serve({ request in
            if request.path == "/slow" { for await _ in gate.stream {} }
            return HTTPServerResponse(status: 200, body: .bytes(Array(request.path.utf8)))
        }) { address in
            try await withThrowingTaskGroup(of: String.self) { group in
                for path in ["/slow"] + (0..<50).map({ "/\($0)" }) {
                    group.addTask {
                        let reply = try await HTTPClient().send(HTTPRequest("GET", "http://\(address)\(path)"))
                        return String(decoding: reply.body, as: UTF8.self)
                    }
                }
                var answers: Set<String> = []
                for try await answer in group {
                    answers.insert(answer)
                    if answers.count == 50 { gate.continuation.finish() }
                }
                #expect(answers.count == 51)
            }
        }
    }

    @Test func `refuses a body that is too long`() async throws {
        let listener = HTTPListener(address: loopback, limits: .init(body: 1000))
        try await listener.serve({ echo($0) }) { address in
            let body = HTTPBody.bytes([UInt8](repeating: 65, count: 1001))
            let reply = try await HTTPClient().send(HTTPRequest("POST", url(address, "/"), body: body))

            #expect(reply.status == 413)
        }
    }

    @Test func `refuses a body that becomes too long`() async throws {
        let listener = HTTPListener(address: loopback, limits: .init(body: 1000))
        try await listener.serve({ echo($0) }) { address in
            let parts = Counter()
            let body = HTTPBody.stream(length: nil) {
                parts.increment() <= 3 ? [UInt8](repeating: 65, count: 600) : nil
            }
            let reply = try await HTTPClient().send(HTTPRequest("POST", url(address, "/"), body: body))

            #expect(reply.status == 413)
        }
    }

    @Test func `closes a connection on which a head does not come to its end`() async throws {
        let limits = HTTPListener.Limits(total: .seconds(1), idle: .seconds(3600))
        try await HTTPListener(address: loopback, limits: limits).serve({ echo($0) }) { address in
            let first = try TestConnection(to: address.port)
            try first.write("GET / HT")
            let second = try TestConnection(to: address.port)
            try second.write("GET / HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\nHost")

            let closed = Gate<[UInt8]>()
            DedicatedThread.start {
                first.readToEnd()
                closed.open(with: second.readToEnd())
            }
            #expect(String(decoding: await closed.value, as: UTF8.self).hasPrefix("HTTP/1.1 201"))
        }
    }

    @Test func `streams parts as they are made`() async throws {
        let parts = AsyncStream<[UInt8]>.makeStream()
        let stream = parts.stream
        try await HTTPListener(address: loopback).serve({ _ in
            HTTPServerResponse(status: 200, body: .stream(stream))
        }) { address in
            let response = try await HTTPClient().open(HTTPRequest("GET", url(address, "/")))
            var body = response.body.makeAsyncIterator()
            var received: [String] = []
            for word in ["one", "two", "three"] {
                parts.continuation.yield(Array(word.utf8))
                received.append(String(decoding: try await body.next() ?? [], as: UTF8.self))
            }
            parts.continuation.finish()

            #expect(received == ["one", "two", "three"])
            #expect(try await body.next() == nil)
        }
    }

    @Test func `stops while a handler waits and a stream is open`() async throws {
        let (arrived, arrive) = AsyncStream<Void>.makeStream()
        let endless = AsyncStream<[UInt8]>.makeStream()
        let stream = endless.stream
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await HTTPListener(address: loopback).serve({ request in
                    arrive.yield()
                    if request.path == "/stream" { return HTTPServerResponse(status: 200, body: .stream(stream)) }
                    try? await Task.sleep(for: .seconds(3600))
                    return HTTPServerResponse(status: 200)
                }) { address in
                    await withThrowingTaskGroup(of: Void.self) { clients in
                        for path in ["/wait", "/stream"] {
                            clients.addTask {
                                _ = try await HTTPClient().open(HTTPRequest("GET", url(address, path)))
                            }
                        }
                        var count = 0
                        for await _ in arrived {
                            count += 1
                            if count == 2 { break }
                        }
                        clients.cancelAll()
                    }
                }
            }
        }
    }

    @Test func `says when an address is taken`() async throws {
        try await HTTPListener(address: loopback).serve({ echo($0) }) { address in
            _ = await #expect(throws: HTTPListenerError.addressInUse(address)) {
                let bound = try await HTTPListener(address: address).serve({ echo($0) }) { $0 }
                Issue.record("\(bound) is bound twice")
            }
        }
    }
}
