import Basics
import Commands
import Manifest
import HTTP
import Sandbox
import Synchronization

/// The real host in the playground.
struct DemoHost: PlaygroundHost {
    /// What can be looked at while it runs.
    private final class Opened: Sendable {
        let window = Mutex<HostWindow?>(nil)
    }

    private let host: EmbeddedHost
    private let opened = Opened()
    private let client = HTTPClient()

    init(manifestPath: String, environment: [String: String], log: Log) {
        host = EmbeddedHost(
            manifestPath: manifestPath,
            environment: environment,
            catalog: Catalog.surfaces,
            log: log
        )
    }

    func run() async throws {
        defer { opened.window.withLock { $0 = nil } }
        try await host.run { [opened] window in opened.window.withLock { $0 = window } }
    }

    func status() async -> JSONValue? {
        guard let admin = opened.window.withLock({ $0?.admin }) else { return nil }
        let request = HTTPRequest("GET", "http://\(admin)/status", timeouts: HTTPTimeouts(total: .seconds(2)))
        guard let reply = try? await client.send(request), reply.status == 200 else { return nil }
        return try? JSONValue(parsing: reply.body)
    }

    func contexts() async -> [JSONValue] {
        guard let window = opened.window.withLock({ $0 }) else { return [] }
        return ((try? await window.contexts()) ?? []).map { context in
            [
                "number": JSONValue(context.number), "name": context.name.map { .string($0) } ?? .null,
                "owner": .string(context.owner), "surface": .string(context.surface),
                "messages": JSONValue(context.messages), "chats": JSONValue(context.chats),
            ]
        }
    }
}
