import Basics
import ChildProcess
import Foundation
import HTTP
import Testing

@Suite("Demo")
struct DemoTests {
    /// The built program with a playground, ended when `body` has; returns its exit code.
    private static func run(
        environment: [String: String] = [:],
        _ body: (String) async throws -> Void
    ) async throws -> Int32 {
        let process = try ChildProcess(
            BuiltProgram.url.path,
            ["demo", "--port", "0"],
            environment: environment,
            output: .pipe
        )
        let line = await BuiltProgram.onThread { process.readLine() } ?? ""
        let url = try #require(line.firstMatch(of: /http:\/\/127\.0\.0\.1:\d+\//), "\(line)").output
        try await body(String(url))
        process.terminate()
        return await BuiltProgram.onThread { process.wait() }
    }

    private static func say(_ text: String, _ url: String) async throws -> Int {
        let body: JSONValue = ["messenger": "telegram", "chat": "1001", "person": "ann", "text": .string(text)]
        return try await post("say", body, url)
    }

    private static func post(_ verb: String, _ body: JSONValue, _ url: String) async throws -> Int {
        try await HTTPClient().send(
            HTTPRequest(
                "POST",
                "\(url)api/\(verb)",
                headers: [HTTPHeader("Content-Type", "application/json")],
                body: .bytes(body.encoded)
            )
        ).status
    }

    /// Waits until the page is told that Ann’s chat holds `text`.
    private static func wait(for text: String, _ url: String) async throws {
        let request = HTTPRequest("GET", "\(url)api/events", timeouts: HTTPTimeouts(total: .seconds(60)))
        var parser = ServerSentEventParser()
        for try await piece in try await HTTPClient().open(request).body {
            for event in try parser.append(piece) where event.name.isEmpty {
                let change = try JSONValue(parsing: event.data)
                guard change["key"] == "chat/telegram/1001", let value = change["value"] else { continue }
                if value.text.contains(text) { return }
            }
        }
        Issue.record("“\(text)” did not come")
    }

    @Test func `answers a person, also after the host was killed in the middle of an answer`() async throws {
        let code = try await Self.run { url in
            #expect(try await Self.say("slow", url) == 200)
            try await Self.wait(for: "That took me six", url)
            #expect(try await Self.post("restart", [:], url) == 200)
            try await Self.wait(for: "The bot was restarted", url)
            #expect(try await Self.say("dice", url) == 200)
            try await Self.wait(for: "I rolled", url)
        }

        #expect(code == 0)
    }

    @Test func `ends at once while an answer is being written, and leaves no folder behind`() async throws {
        let folder = try Folder()
        func content() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path) }
        var stopped = ContinuousClock.now

        let code = try await Self.run(environment: ["TMPDIR": folder.path]) { url in
            #expect(try await Self.say("hello", url) == 200)
            try await Self.wait(for: "Hello! I am", url)
            #expect(try content().count == 1)
            stopped = .now
        }

        #expect(code == 0)
        #expect(stopped.duration(to: .now) < .seconds(10))
        #expect(try content() == [])
    }

    @Test func `says when its port is taken, or is none`() async throws {
        _ = try await Self.run { url in
            let port = String(url.split(separator: ":").last?.dropLast() ?? "")
            let taken = try await BuiltProgram.run("demo", "--port", port)
            let none = try await BuiltProgram.run("demo", "--port", "80900")

            #expect(taken.code == 69)
            #expect(taken.errors.contains("127.0.0.1:\(port) is in use"))
            #expect(none.code == 64)
            #expect(none.errors.contains("from 0 to 65535"))
        }
    }
}
