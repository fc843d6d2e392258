import Basics
import Foundation
import HTTP
import Synchronization
import Testing

@testable import Sandbox

@Suite("Playground")
struct PlaygroundTests {
    /// A playground with Telegram and a stub of a host.
    static func run(
        _ body: @escaping @Sendable (_ url: String, _ host: StubHost, _ folder: String) async throws -> Void
    )
        async throws
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: "playground-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let host = StubHost()
        let (urls, announced) = AsyncStream.makeStream(of: String.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let playground = await Playground(messengers: [TelegramPlayground()], agent: AgentServer(), port: 0)
                try await playground.run(in: folder, makeHost: { _, _ in host }, announce: { announced.yield($0) })
            }
            group.addTask {
                for await url in urls { return try await body(url, host, folder) }
            }
            try await group.next()
            group.cancelAll()
        }
    }

    static func post(_ url: String, _ verb: String, _ body: JSONValue) async throws -> HTTPReply {
        try await HTTPClient().send(
            HTTPRequest(
                "POST",
                "\(url)api/\(verb)",
                headers: [HTTPHeader("Content-Type", "application/json")],
                body: .bytes(body.encoded)
            )
        )
    }

    /// Reads the stream of changes until `isEnough`.
    static func read(_ url: String, until isEnough: ([String: JSONValue]) async throws -> Bool) async throws {
        let response = try await HTTPClient().open(HTTPRequest("GET", "\(url)api/events"))
        var parser = ServerSentEventParser()
        var values: [String: JSONValue] = [:]
        for try await piece in response.body {
            for event in try parser.append(piece) where event.name.isEmpty {
                let change = try JSONValue(parsing: event.data)
                values[change["key"]?.string ?? ""] = change["value"] ?? .null
            }
            if try await isEnough(values) { return }
        }
    }

    static let hello: JSONValue = ["messenger": "telegram", "chat": "1001", "person": "ann", "text": "hello"]

    @Test func `tells the page about messengers, chats, the host and its contexts`() async throws {
        try await Self.run { url, _, folder in
            try await Self.read(url) { values in
                values["contexts"] != nil && values["chat/telegram/1001"] != nil && values["status"] != .null
                    && values["order"] == ["telegram"] && values["messenger/telegram"]?["title"] == "Telegram"
                    && values["host"]?["phase"] == "running" && values["status"]?["uptimeSeconds"] == nil
            }
            let manifest = try JSONValue(parsing: Data(contentsOf: URL(filePath: "\(folder)/surfaces.json")))
            #expect(manifest["surfaces"]?[0]?["id"] == "telegram")
        }
    }

    @Test func `brings what a person writes into the chat and to the page`() async throws {
        try await Self.run { url, _, _ in
            #expect(try await Self.post(url, "say", Self.hello).status == 200)

            try await Self.read(url) { values in
                values["chat/telegram/1001"]?["messages"]?[0]?["text"]?["plain"] == "hello"
            }
        }
    }

    @Test func `refuses what names no chat, person or messenger`() async throws {
        try await Self.run { url, _, _ in
            for (key, value) in [("messenger", "icq"), ("chat", "7"), ("person", "ben")] {
                var body = Self.hello.object ?? JSONObject()
                body[key] = .string(value)
                let reply = try await Self.post(url, "say", .object(body))

                #expect(reply.status == 400)
                #expect(String(decoding: reply.body, as: UTF8.self).contains("\(key): "))
            }
            let other = try await HTTPClient().send(
                HTTPRequest("GET", url, headers: [HTTPHeader("Origin", "http://evil.example")])
            )
            #expect(other.status == 403)
        }
    }

    @Test func `gives files out for saving, pictures for looking at, and runs nothing`() async throws {
        try await Self.run { url, _, _ in
            for (type, shown) in [("image/png", "image/png"), ("text/html", "application/octet-stream")] {
                var body = Self.hello.object ?? JSONObject()
                (body["name"], body["mimeType"], body["data"]) = ("a b.x", .string(type), "aGk=")
                #expect(try await Self.post(url, "send", .object(body)).status == 200)
                let found = Mutex<String?>(nil)
                try await Self.read(url) { values in
                    let messages = values["chat/telegram/1001"]?["messages"]?.array ?? []
                    let file = messages.compactMap { $0["files"]?[0] }.first { $0["mimeType"]?.string == type }
                    found.withLock { $0 = file?["file"]?.string }
                    return file != nil
                }
                let file = try #require(found.withLock { $0 })
                let reply = try await HTTPClient().send(HTTPRequest("GET", "\(url)files/telegram/\(file)"))

                #expect(reply.status == 200)
                #expect(reply.body == [104, 105])
                #expect(reply.headers["Content-Type"] == shown)
                #expect(reply.headers["Content-Security-Policy"] == "default-src 'none'; sandbox")
                #expect(reply.headers["Content-Disposition"]?.hasSuffix("filename*=UTF-8''a%20b.x") == true)
                #expect(
                    reply.headers["Content-Disposition"]?.hasPrefix(type == shown ? "inline" : "attachment") == true
                )
            }
        }
    }

    @Test func `breaks and mends, and shows to each page what is broken`() async throws {
        try await Self.run { url, host, _ in
            let trouble: JSONValue = ["messenger": "telegram", "trouble": "rateLimited", "on": true]
            #expect(try await Self.post(url, "trouble", trouble).status == 200)
            #expect(try await Self.post(url, "agent", ["down": true]).status == 200)
            #expect(try await Self.post(url, "restart", [:]).status == 200)

            try await Self.read(url) { values in
                values["trouble/telegram/rateLimited"] == true && values["trouble/agent"] == true
                    && values["host"]?["starts"] == 2
            }
            #expect(host.starts == 2)
        }
    }
}
