import Basics
import LoopbackServer
import Synchronization
import Testing

@testable import AgentLink
@testable import HTTP

/// An agent on a real socket that does what a script says, however odd.
final class ScriptedAgent: Sendable {
    /// What came with a request.
    struct Asked: Sendable {
        let head: String
        let body: [UInt8]

        var json: JSONValue? { try? JSONValue(parsing: body) }
    }

    static let accepted = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"

    let server: TestServer
    private let requests: Mutexed<[Asked]>
    private let hangUps: Mutexed<Int>

    var asked: [Asked] { requests.value }
    /// Connections that the client has closed.
    var closed: Int { hangUps.value }
    var connections: Int { server.connectionCount }

    /// Reads each request, runs `script`, and then closes the connection.
    init(_ script: @escaping @Sendable (TestConnection, Asked) throws -> Void) throws {
        let requests = Mutexed<[Asked]>([])
        let hangUps = Mutexed(0)
        self.requests = requests
        self.hangUps = hangUps
        server = try TestServer { connection in
            let (head, body) = try connection.readRequest()
            let asked = Asked(head: head, body: body)
            requests.update { $0.append(asked) }
            do { try script(connection, asked) } catch is HungUp { hangUps.update { $0 += 1 } }
        }
    }

    /// Answers each request with these events and closes.
    convenience init(saying events: [String]) throws {
        try self.init { connection, _ in
            try connection.write(Self.accepted + events.map(frame).joined())
        }
    }

    deinit { server.stop() }

    /// The client under test.
    func client(
        _ codec: AgentConfiguration.Codec = .agUI,
        log: Log = .silent,
        change: (inout AgentConfiguration) -> Void = { _ in }
    ) -> DirectAgent {
        var configuration = AgentConfiguration(url: server.url + "/agent", codec: codec)
        configuration.limits.grace = .seconds(30)
        change(&configuration)
        return DirectAgent(configuration, log: log)
    }
}

/// The client has closed the connection.
struct HungUp: Error {}

extension TestConnection {
    /// Waits until the client closes.
    func awaitHangUp() throws {
        readToEnd()
        throw HungUp()
    }
}

/// One event of a stream.
func frame(_ json: String) -> String { "data: \(json)\n\n" }

/// A run that says `words`, one delta each.
func run(_ words: [String], id: String = "run") -> [String] {
    [#"{"type":"RUN_STARTED","threadId":"42","runId":"\#(id)"}"#]
        + words.map { #"{"type":"TEXT_MESSAGE_CONTENT","messageId":"m","delta":"\#($0)"}"# }
        + [#"{"type":"RUN_FINISHED","threadId":"42","runId":"\#(id)"}"#]
}

extension AgentApi {
    /// Everything that the agent says to `request`.
    func hear(_ request: AgentRequest = .asking()) async throws -> Said {
        var said = Said([])
        for try await event in try await run(request, willSend: {}) { said.add(event) }
        return said
    }
}

/// A value that several threads change.
final class Mutexed<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) { mutex = Mutex(value) }

    var value: Value { mutex.withLock { $0 } }
    func update(_ change: @Sendable (inout Value) -> Void) { mutex.withLock { change(&$0) } }
}

/// Waits until `condition` holds; the test’s own time limit ends it otherwise.
func wait(until condition: @Sendable () -> Bool) async throws {
    while !condition() { try await Task.sleep(for: .milliseconds(2)) }
}
