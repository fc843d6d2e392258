import Basics
import HTTP
import Testing

@testable import Commands

/// The built program against servers of the tests.
@Suite("Program online")
struct OnlineTests {
    @Test func `prints the status of a running host`() async throws {
        let status = """
            {"version":"0.1.0","uptimeSeconds":7265.5,"agent":{"state":"failing","reason":"refused"},"surfaces":[
            {"id":"matrix","kind":"matrix","state":"receiving","reason":null,"since":"2026-11-23T10:00:00Z","lastReceivedAt":null}],
            "inbox":{"waiting":1},"outbox":{"waiting":2},"turns":{"running":3}}
            """
        let (table, json) = try await serving({ _ in (200, status) }) { address, folder in
            try folder.write(#"{"http": {"listen": "\#(address)"}}"#)
            return (
                try await BuiltProgram.run("status", in: folder.path),
                try await BuiltProgram.run("status", "--json", in: folder.path)
            )
        }

        #expect(table.code == 0)
        #expect(
            table.output == """
                surfaces 0.1.0, up 2 h 1 min
                agent    failing: refused
                queues   inbox 1 waiting, outbox 2 waiting, turns 3 running

                  SURFACE  KIND    STATE      SINCE                 LAST RECEIVED  REASON
                  matrix   matrix  receiving  2026-11-23T10:00:00Z  -              -

                """
        )
        #expect(try JSONValue(parsing: json.output.utf8) == JSONValue(parsing: status.utf8))
    }

    @Test func `says that no host runs, or that something else listens`() async throws {
        let folder = try Folder()
        // A port that nothing listens on: reserved (tcpmux).
        try folder.write(#"{"http": {"listen": "127.0.0.1:1"}}"#)
        let absent = try await BuiltProgram.run("status", in: folder.path)
        let other = try await serving({ _ in (200, "<html>") }) { address, folder in
            try folder.write(#"{"http": {"listen": "\#(address)"}}"#)
            return try await BuiltProgram.run("status", in: folder.path)
        }

        #expect(absent.code == 69)
        #expect(absent.errors.contains("does not answer at 127.0.0.1:1"))
        #expect(other.code == 69)
        #expect(other.errors.contains("is not this program’s host"))
    }

    static let answers: [(Int, Int, Int32, String)] = [
        (200, 200, 0, "@bot:example.org"), (200, 405, 0, "takes no GET here"), (200, 404, 0, "(status 404)"),
        (200, 401, 69, "refuses the key"), (200, 302, 69, "redirect"), (200, 500, 69, "broken"),
        (401, 200, 69, "make a new access token"),
    ]

    @Test(arguments: answers)
    func `asks surfaces who they are, and the agent for anything at all`(
        homeserver: Int,
        agent: Int,
        code: Int32,
        detail: String
    ) async throws {
        let outcome = try await serving({ request in
            switch request.path {
            case "/agent": (agent, "")
            case _ where homeserver != 200: (homeserver, #"{"errcode": "M_UNKNOWN_TOKEN", "error": "no"}"#)
            case "/_matrix/client/v3/account/whoami": (200, #"{"user_id": "@bot:example.org", "device_id": "D"}"#)
            default: (200, #"{"displayname": "Bot"}"#)
            }
        }) { address, folder in
            try folder.write(Self.manifest(homeserver: "http://\(address)"))
            return try await BuiltProgram.run(
                "check",
                "--online",
                "--json",
                environment: ["T": "t0ken", "AGENT_BASE_URL": "http://\(address)/agent"],
                in: folder.path
            )
        }

        let json = try JSONValue(parsing: outcome.output.utf8)
        let trials = json["online"]?.array ?? []
        #expect(outcome.code == code)
        #expect(json["ok"]?.bool == (code == 0))
        #expect(trials.map { $0["what"]?.string } == ["state.path", "http.listen", "matrix", "agent"])
        #expect(trials.contains { $0["detail"]?.string?.contains(detail) == true }, "\(outcome.output)")
        #expect(!(outcome.output + outcome.errors).contains("t0ken"))
    }

    @Test func `says what to do when nothing can be reached`() async throws {
        let folder = try Folder()
        try folder.write(Self.manifest(homeserver: "https://absent.invalid"))

        let outcome = try await BuiltProgram.run(
            "check",
            "--online",
            environment: ["T": "t", "AGENT_BASE_URL": "http://127.0.0.1:1/"],
            in: folder.path
        )

        #expect(outcome.code == 69)
        #expect(outcome.output.contains("check the name in the address"))
        #expect(outcome.output.contains("check the address and the port"))
    }

    @Test func `says each step on the way to a server, and stops at the first that fails`() async throws {
        let folder = try Folder()
        try folder.write(Self.manifest(homeserver: "https://absent.invalid"))

        let outcome = try await BuiltProgram.run(
            "check",
            "--online",
            "--json",
            environment: ["T": "t", "AGENT_BASE_URL": "https://127.0.0.1:1/"],
            in: folder.path
        )

        let trials = try JSONValue(parsing: outcome.output.utf8)["online"]?.array ?? []
        let failed = trials.filter { $0["ok"] == false }.map { $0["what"]?.string }
        #expect(failed == ["matrix DNS", "matrix", "agent TLS", "agent"])
        #expect(outcome.errors.isEmpty, "nothing is shown beside the JSON")
    }

    @Test func `tells a port that another program has, and a folder that cannot be`() async throws {
        let outcome = try await serving({ _ in (200, "[]") }) { address, folder in
            try folder.write("", to: "file")
            try folder.write(
                #"{"version": 1, "state": {"path": "file/state"}, "http": {"listen": "\#(address)"}, "surfaces": []}"#
            )
            return try await BuiltProgram.run(
                "check",
                "--online",
                "--json",
                environment: ["AGENT_BASE_URL": "http://\(address)/"],
                in: folder.path
            )
        }

        let trials = try JSONValue(parsing: outcome.output.utf8)["online"]?.array ?? []
        #expect(outcome.code == 69)
        #expect(trials.map { $0["ok"]?.bool } == [false, false, true])
        #expect(trials.first?["detail"]?.string?.contains("cannot be") == true, "\(outcome.output)")
        #expect(trials[1]["detail"]?.string?.contains("in use by another program") == true, "\(outcome.output)")
    }

    @Test func `makes a run each for text, tool and file, and tells what came back`() async throws {
        let stream = ["RUN_STARTED", "TEXT_MESSAGE_START", "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_END", "RUN_FINISHED"]
            .map {
                #"data: {"type":"\#($0)","threadId":"1","runId":"r","messageId":"m","role":"assistant","delta":"Hello"}"#
            }
        let outcome = try await serving({ request in
            let body = String(decoding: request.body, as: UTF8.self)
            return body.contains("iVBORw0KGgo") ? (500, "") : (200, stream.map { "\($0)\n\n" }.joined())
        }) { address, folder in
            try folder.write(#"{"version": 1, "surfaces": []}"#)
            return try await BuiltProgram.run(
                "check",
                "--smoke",
                "--json",
                environment: ["AGENT_BASE_URL": "http://\(address)/agent"],
                in: folder.path
            )
        }

        let trials = try JSONValue(parsing: outcome.output.utf8)["online"]?.array ?? []
        #expect(outcome.code == 69)
        #expect(trials.map { $0["what"]?.string } == ["smoke text", "smoke tool", "smoke file"])
        #expect(trials.map { $0["ok"]?.bool } == [true, true, false])
        #expect(trials.first?["detail"]?.string?.contains("5 characters of text") == true, "\(outcome.output)")
        #expect(trials.last?["detail"]?.string == "the agent answered 500")
    }

    private static func manifest(homeserver: String) -> String {
        """
        {"version": 1, "http": {"listen": "127.0.0.1:0"}, "surfaces": [{"id": "matrix", "kind": "matrix",
         "access": {"policy": "open"}, "options": {"homeserver": "\(homeserver)", "accessToken": {"env": "T"}}}]}
        """
    }

    /// Runs `body` while a server on a free port answers as `answer` says.
    private func serving<Result: Sendable>(
        _ answer: @escaping @Sendable (HTTPServerRequest) -> (Int, String),
        while body: (SocketAddress, Folder) async throws -> Result
    ) async throws -> Result {
        let folder = try Folder()
        let listener = HTTPListener(address: SocketAddress(host: "127.0.0.1", port: 0))
        let respond: @Sendable (HTTPServerRequest) async -> HTTPServerResponse = { request in
            let (status, text) = answer(request)
            let type = text.hasPrefix("data:") ? "text/event-stream" : "application/json"
            return HTTPServerResponse(
                status: status,
                headers: [HTTPHeader("Content-Type", type)],
                body: .bytes(Array(text.utf8))
            )
        }
        return try await listener.serve(respond) { address in try await body(address, folder) }
    }
}
