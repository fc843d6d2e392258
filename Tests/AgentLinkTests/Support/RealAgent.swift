import ChildProcess
import Foundation
import LoopbackServer
import Testing

@testable import AgentLink

/// A real agent server with a scripted model (`Tests/agents`).
final class RealAgent: Sendable {
    enum Kind: String, CaseIterable, Sendable, CustomTestStringConvertible {
        case pydanticAI = "pydantic_ai"
        case agno
        case langGraph = "langgraph"

        var testDescription: String { rawValue }
        fileprivate var path: String { self == .agno ? "/agui" : "/" }
    }

    /// Set to `skip` by who has no Python; otherwise the tests make what they need.
    static let isWanted = ProcessInfo.processInfo.environment["SURFACES_REAL_AGENTS"] != "skip"

    let url: String
    private let process: ChildProcess
    private let output: URL

    var client: DirectAgent { DirectAgent(AgentConfiguration(url: url)) }

    /// What the server has printed so far.
    var log: String { (try? String(contentsOf: output, encoding: .utf8)) ?? "" }

    /// Starts the server and waits until it answers.
    static func start(_ kind: Kind) async throws -> RealAgent {
        let agent = try RealAgent(kind)
        // Without a virtual environment it makes one first.
        for _ in 0..<6000 {
            if (try? await agent.client.probe()) != nil { return agent }
            guard agent.process.isRunning else { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("\(kind.rawValue) did not start: \(agent.log)")
        throw HungUp()
    }

    private init(_ kind: Kind) throws {
        let port = try TestServer.unusedPort()
        url = "http://127.0.0.1:\(port)\(kind.path)"
        output = FileManager.default.temporaryDirectory.appending(path: "\(kind.rawValue)-\(UUID().uuidString).log")
        let program = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "agents/run")
        let owner = String(ProcessInfo.processInfo.processIdentifier)
        process = try ChildProcess(
            program.path,
            ["start", kind.rawValue, String(port), "--owner", owner],
            output: .file(output.path),
            errors: .file(output.path)
        )
    }

    func kill() { process.kill() }

    deinit { try? FileManager.default.removeItem(at: output) }
}

/// One server of each kind for all tests; they end with the test process.
actor RealAgents {
    static let shared = RealAgents()

    private var starts: [RealAgent.Kind: Task<RealAgent, any Error>] = [:]

    subscript(kind: RealAgent.Kind) -> RealAgent {
        get async throws {
            let start = starts[kind] ?? Task { try await RealAgent.start(kind) }
            starts[kind] = start
            return try await start.value
        }
    }
}
