import Basics
import FoundationEssentials
import Glibc
import Commands
import Manifest
import HTTP
import Sandbox

/// `surfaces demo`: the playground with the real host in it.
enum Demo {
    /// Runs until cancelled; leaves nothing behind.
    ///
    /// - Parameter environment: `AGENT_BASE_URL` names an agent that answers instead of the sample agent.
    static func run(port: UInt16, environment: [String: String]) async -> ExitCode {
        let folder: String
        do { folder = try makeFolder(environment) } catch {
            Console().complain("surfaces: \(error)")
            return .unavailable
        }
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let log = Log(settings(environment))
        do {
            let playground = Playground(messengers: try await messengers(), agent: agent(environment), port: port)
            try await playground.run(in: folder) { manifest, variables in
                DemoHost(manifestPath: manifest, environment: hostEnvironment(environment, variables), log: log)
            } announce: { url in
                Console().print("The playground is at \(url) (Ctrl-C ends it)")
            }
            return .fine
        } catch {
            Console().complain("surfaces: \(error)")
            return .unavailable
        }
    }

    private static func messengers() async throws -> [any PlaygroundMessenger] {
        [await TelegramPlayground(), try await MatrixPlayground(), await MaxPlayground()]
    }

    private static func agent(_ environment: [String: String]) -> AgentServer {
        let real = environment["AGENT_BASE_URL"].flatMap { $0.isEmpty ? nil : $0 }
        return AgentServer(real.map { .real($0) } ?? .sample(pace: 1))
    }

    /// Quiet, unless somebody asks: the page is there to be watched, not the terminal.
    private static func settings(_ environment: [String: String]) -> LogSettings {
        LogSettings(environment: ["LOG_LEVEL": "error"].merging(environment) { $1 })
    }

    /// Of the operator’s variables the host gets only what concerns it here.
    private static func hostEnvironment(
        _ environment: [String: String],
        _ variables: [String: String]
    ) -> [String: String] {
        environment.filter { ["AGENT_API_KEY"].contains($0.key) }.merging(variables) { $1 }
    }

    private struct NoFolder: Error, CustomStringConvertible {
        let description: String
    }

    private static func makeFolder(_ environment: [String: String]) throws(NoFolder) -> String {
        let parent = environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        var template = Array("\(parent)/surfaces-demo.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw NoFolder(description: "cannot make a folder in \(parent): \(String(cString: strerror(errno)))")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
