import Basics
import Foundation
import LoopbackServer
import Testing

@testable import AgentLink
@testable import HTTP

@Suite("A call to the agent", .timeLimit(.minutes(1)))
struct ConnectionTests {
    @Test func `opens a connection of its own and closes it after`() async throws {
        let agent = try ScriptedAgent { connection, _ in
            // A server that would gladly keep the connection.
            let body = run(["hi"]).map(frame).joined()
            try connection.respond(headers: "Content-Type: text/event-stream\r\nConnection: keep-alive\r\n", body: body)
            try connection.awaitHangUp()
        }
        let client = agent.client()

        for _ in 0..<3 { #expect(try await client.hear().texts == ["hi"]) }

        try await wait { agent.closed == 3 }
        #expect(agent.connections == 3)
    }

    enum Packets: CaseIterable { case together, apart, bytes }

    @Test(arguments: Packets.allCases)
    func `never loses the beginning`(packets: Packets) async throws {
        let agent = try ScriptedAgent { connection, _ in
            let stream = run(["first", " second"]).map(frame).joined()
            switch packets {
            case .together: try connection.write(ScriptedAgent.accepted + stream)
            case .apart:
                try connection.write(ScriptedAgent.accepted)
                try connection.write(stream)
            case .bytes: for byte in (ScriptedAgent.accepted + stream).utf8 { try connection.write([byte]) }
            }
        }

        let said = try await agent.client().hear()

        #expect(said.texts == ["first second"])
        #expect(said.ending == .finished)
    }

    @Test func `hands on each delta when it comes, not at the end`() async throws {
        let next = Gate<Void>()
        let agent = try ScriptedAgent { connection, _ in
            let events = run(["one", "two"]).map(frame)
            try connection.write(ScriptedAgent.accepted + events[0] + events[1])
            next.wait()
            try connection.write(events[2] + events[3])
        }

        var iterator = try await agent.client().run(.asking(), willSend: {}).makeAsyncIterator()
        #expect(try await iterator.next() == .started)
        #expect(try await iterator.next() == .text(index: 0, message: "m", delta: "one"))
        next.open()

        #expect(try await iterator.next() == .text(index: 0, message: "m", delta: "two"))
    }

    @Test func `never mixes with another`() async throws {
        let agent = try ScriptedAgent { connection, asked in
            let id = asked.json?["runId"]?.string ?? ""
            try connection.write(ScriptedAgent.accepted)
            for event in run((0..<200).map { "\(id):\($0) " }, id: id) { try connection.write(frame(event)) }
        }
        let client = agent.client()

        try await withThrowingTaskGroup(of: (Int, Said).self) { group in
            for number in 0..<8 {
                group.addTask { (number, try await client.hear(.asking(runID: "run\(number)"))) }
            }
            for try await (number, said) in group {
                #expect(said.texts == [(0..<200).map { "run\(number):\($0) " }.joined()])
            }
        }
        #expect(agent.connections == 8)
    }

    @Test func `is cancelled by closing the connection`() async throws {
        let agent = try endless()
        let heard = Gate<Void>()
        let call = Task {
            for try await event in try await agent.client().run(.asking(), willSend: {}) where event != .started {
                heard.open()
            }
        }
        await heard.value
        call.cancel()

        await #expect(throws: AgentError.cancelled) { try await call.value }
        try await wait { agent.closed == 1 }
    }

    @Test func `is cancelled before the head too`() async throws {
        let sent = Gate<Void>()
        let agent = try ScriptedAgent { connection, _ in
            sent.open()
            try connection.awaitHangUp()
        }
        let call = Task { try await agent.client().run(.asking(), willSend: {}) }
        await sent.value
        call.cancel()

        await #expect(throws: AgentError.cancelled) { try await call.value }
        try await wait { agent.closed == 1 }
    }

    @Test func `ends when nobody listens any more`() async throws {
        let agent = try endless()

        for try await event in try await agent.client().run(.asking(), willSend: {}) where event != .started { break }
        _ = try await agent.client().run(.asking(), willSend: {})

        try await wait { agent.closed == 2 }
    }

    /// Says one word and then waits for the client to hang up.
    private func endless() throws -> ScriptedAgent {
        try ScriptedAgent { connection, _ in
            try connection.write(ScriptedAgent.accepted + run(["one"]).dropLast().map(frame).joined())
            try connection.awaitHangUp()
        }
    }

    @Test func `slows the agent down instead of filling memory`() async throws {
        let stalled = Gate<Int>()
        let agent = try ScriptedAgent { connection, _ in
            let events = run(["all"]).map { Array(frame($0).utf8) }
            try connection.write(Array(ScriptedAgent.accepted.utf8) + events[0])
            // At most 256 MB of comments; sockets hold a part of them, 38 MB where the system lets them grow.
            let noise = Array((":" + String(repeating: " ", count: 65_534) + "\n").utf8)
            for sent in 0..<4096 where !stalled.isOpen {
                try connection.write(noise, patience: 300) { stalled.open(with: sent) }
            }
            try connection.write(events[1] + events[2])
        }

        var iterator = try await agent.client().run(.asking(), willSend: {}).makeAsyncIterator()
        var said = Said([])
        said.add(try #require(try await iterator.next()))
        #expect(await stalled.value < 4000)
        while let event = try await iterator.next() { said.add(event) }

        #expect(said.texts == ["all"])
        #expect(said.ending == .finished)
    }

    // MARK: - Before the first byte

    @Test func `is not marked as sent when nobody answers the door`() async throws {
        let port = try TestServer.unusedPort()
        let marks = Mutexed(0)
        let client = DirectAgent(AgentConfiguration(url: "http://127.0.0.1:\(port)/"))

        let error = await #expect(throws: AgentError.self) {
            try await client.run(.asking()) { marks.update { $0 += 1 } }
        }

        guard case .unreachable(nil, _)? = error else { return #expect(error == nil) }
        #expect(marks.value == 0)
    }

    @Test(arguments: ["http://name.invalid/", "https://127.0.0.1:{port}/"])
    func `is worth another attempt when the name or the handshake fails`(url: String) async throws {
        let server = try TestServer { connection in try connection.write("no TLS here") }
        let client = DirectAgent(
            AgentConfiguration(url: url.replacingOccurrences(of: "{port}", with: "\(server.port)"))
        )

        let error = await #expect(throws: AgentError.self) { try await client.hear() }

        guard case .unreachable? = error else { return #expect(error == nil) }
    }

    @Test func `is marked as sent once, before the agent sees the request`() async throws {
        let marks = Mutexed(0)
        let seen = Mutexed(0)
        let agent = try ScriptedAgent { connection, _ in
            seen.update { $0 = marks.value }
            try connection.write(ScriptedAgent.accepted + run([]).map(frame).joined())
        }

        _ = try await agent.client().run(.asking()) { marks.update { $0 += 1 } }

        #expect(marks.value == 1)
        #expect(seen.value == 1)
    }

    @Test func `sends nothing when it cannot be marked as sent`() async throws {
        struct DiskFull: Error {}
        let rest = Gate<[UInt8]>()
        let server = try TestServer { connection in
            try connection.readHead()
            rest.open(with: connection.readToEnd())
        }
        let client = DirectAgent(AgentConfiguration(url: server.url))

        await #expect(throws: AgentError.cancelled) {
            try await client.run(.asking()) { throw DiskFull() }
        }

        #expect(await rest.value == [])
    }

    @Test func `has an unknown outcome when the connection is lost after the request`() async throws {
        let agent = try ScriptedAgent { _, _ in }

        let error = await #expect(throws: AgentError.self) { try await agent.client().hear() }

        guard case .unknownOutcome? = error else { return #expect(error == nil) }
    }

    @Test func `is worth another attempt when the agent cannot have seen the whole request`() async throws {
        let server = try TestServer { connection in
            try connection.readHead()
            connection.reset()
        }
        let bytes = [UInt8](repeating: 7, count: 30 << 20)
        let file = AgentFile(kind: .document, source: .data(bytes), mimeType: "a/b", name: "f")
        let question = AgentMessage(id: "q", role: .user, parts: [.file(file)])
        let client = DirectAgent(AgentConfiguration(url: server.url))

        let error = await #expect(throws: AgentError.self) { try await client.hear(.asking(messages: [question])) }

        guard case .unreachable? = error else { return #expect(error == nil) }
    }

    @Test func `asks through the proxy that was given`() async throws {
        let proxy = try ScriptedAgent(saying: run(["by proxy"]))
        let configuration = AgentConfiguration(url: "http://agent.invalid/x", proxy: Secret(proxy.server.url))

        let said = try await DirectAgent(configuration).hear()

        #expect(said.texts == ["by proxy"])
        #expect(proxy.asked.first?.head.hasPrefix("POST http://agent.invalid/x HTTP/1.1\r\n") == true)
    }
}
