import Basics
import HTTP
import Testing

@testable import Sandbox

@Suite("Agent server")
struct AgentServerTests {
    static let refusals: [(JSONValue, String, String, Int)] = [
        (Asking.body(["x"]), "GET", "application/json", 405), (Asking.body(["x"]), "POST", "text/plain", 415),
        (["threadId": "1"], "POST", "application/json; charset=utf-8", 422), ("x", "POST", "application/json", 422),
    ]

    @Test(arguments: refusals)
    func `refuses what is no request`(body: JSONValue, method: String, type: String, status: Int) async {
        let response = await AgentServer().answer(Asking.request(body, method: method, type: type))

        #expect(response.status == status)
    }

    @Test func `keeps a journal of each request and its events`() async throws {
        let server = AgentServer(.sample(pace: 0))
        let records = server.journal.records()

        let events = try await Asking.events(server.answer(Asking.request(Asking.body(["dice"]))))

        let record = try #require(await records.first { $0.ended != nil })
        #expect(record.ending == .finished)
        #expect(record.question == "dice")
        #expect((record.thread, record.run, record.surface) == ("7", "r1", "telegram"))
        #expect(record.events.map(\.type) == events.shape)
        #expect(record.events.reduce(0) { $0 + $1.count } == events.count)
        #expect(record.events.first { $0.type == "TOOL_CALL_START" }?.detail == "roll_dice")
        #expect(record.answer == events.text)
    }

    @Test(arguments: [
        ("fail", AgentRecord.Ending.failed("the sample agent was asked to fail")), ("hang up", .truncated),
    ])
    func `tells how a run went wrong`(question: String, ending: AgentRecord.Ending) async throws {
        let server = AgentServer(.sample(pace: 0))
        let records = server.journal.records()

        _ = try await Asking.events(server.answer(Asking.request(Asking.body([question]))))

        #expect(await records.first { $0.ended != nil }?.ending == ending)
    }

    @Test func `refuses while it is down, and answers again after`() async throws {
        let server = AgentServer(.sample(pace: 0))
        let records = server.journal.records()
        server.isDown = true

        let refused = await server.answer(Asking.request(Asking.body(["hello"])))
        server.isDown = false
        let answered = await server.answer(Asking.request(Asking.body(["hello"])))

        #expect(refused.status == 503)
        #expect(answered.status == 200)
        #expect(await records.first { $0.ended != nil }?.ending == .refused(503))
    }

    @Test func `breaks off a running answer when it goes down`() async throws {
        let server = AgentServer()
        let response = await server.answer(Asking.request(Asking.body(["hello"])))
        guard case .stream(let pieces) = response.body else {
            Issue.record("no stream")
            return
        }

        var count = 0
        for await _ in pieces {
            count += 1
            if count == 3 { server.isDown = true }
        }

        #expect(count == 3)
    }

    @Test func `notes that the host hung up`() async throws {
        let server = AgentServer()
        let records = server.journal.records()
        try await server.serve { url in
            let response = try await HTTPClient().open(
                HTTPRequest(
                    "POST",
                    url,
                    headers: [HTTPHeader("Content-Type", "application/json")],
                    body: .bytes(Asking.body(["slow"]).encoded)
                )
            )
            for try await _ in response.body { break }
        }

        #expect(await records.first { $0.ended != nil }?.ending == .abandoned)
    }

    @Test func `hands everything on to a real agent`() async throws {
        let real = AgentServer(.sample(pace: 0))
        try await real.serve { url in
            let server = AgentServer(.real(url))
            let records = server.journal.records()

            let events = try await Asking.events(server.answer(Asking.request(Asking.body(["dice"]))))

            #expect(try await events == Asking.events("dice"))
            #expect(await records.first { $0.ended != nil }?.ending == .finished)
            real.isDown = true
            #expect(await server.answer(Asking.request(Asking.body(["dice"]))).status == 503)
        }
    }

    @Test func `an agent that nobody listens for counts as down`() async throws {
        let url = try await AgentServer().serve { $0 }

        let response = await AgentServer(.real(url)).answer(Asking.request(Asking.body(["x"])))

        #expect(response.status == 503)
    }
}
