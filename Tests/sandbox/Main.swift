import Basics
import FoundationEssentials
import Glibc
import HTTP
import Sandbox

/// Runs a simulated messenger alone.
///
/// Prints its address as the first line, then serves until it is ended.
@main
enum Main {
    private static let usage = """
        usage: surfaces-sandbox telegram SCHEMA [PORT]
               surfaces-sandbox max SCHEMA [PORT]
               surfaces-sandbox matrix [PORT]
        """

    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            switch arguments.first {
            case "telegram" where arguments.count > 1: try await serveTelegram(arguments[1], at: port(arguments, 2))
            case "max" where arguments.count > 1: try await serveMax(arguments[1], at: port(arguments, 2))
            case "matrix": try await serveMatrix(at: port(arguments, 1))
            default:
                say(usage, to: STDERR_FILENO)
                exit(64)
            }
        } catch {
            say("surfaces-sandbox: \(error)", to: STDERR_FILENO)
            exit(70)
        }
    }

    private static func serveTelegram(_ schema: String, at address: SocketAddress) async throws {
        let schema = BotAPISchema(try JSONValue(parsing: contents(ofSmallFile: schema, limit: 1 << 20)))
        try await SimulatorServer(TelegramSimulator(schema: schema), address: address).serve(while: announce)
    }

    private static func serveMax(_ schema: String, at address: SocketAddress) async throws {
        let schema = MaxSchema(try JSONValue(parsing: contents(ofSmallFile: schema, limit: 1 << 20)))
        try await SimulatorServer(MaxSimulator(schema: schema), address: address).serve(while: announce)
    }

    /// People register with the secret of ``MatrixSimulatorSettings``, or are made by `/control/person`.
    private static func serveMatrix(at address: SocketAddress) async throws {
        try await MatrixSimulatorServer(MatrixSimulator(), address: address).serve(while: announce)
    }

    private static func port(_ arguments: [String], _ index: Int) -> SocketAddress {
        let port = arguments.indices.contains(index) ? UInt16(arguments[index]) : nil
        return SocketAddress(host: "127.0.0.1", port: port ?? 0)
    }

    @Sendable private static func announce(_ address: String) async throws {
        say(address, to: STDOUT_FILENO)
        while !Task.isCancelled { try await Task.sleep(for: .seconds(3600)) }
    }

    private static func say(_ line: String, to descriptor: Int32) {
        let bytes = Array("\(line)\n".utf8)
        _ = write(descriptor, bytes, bytes.count)
    }
}
