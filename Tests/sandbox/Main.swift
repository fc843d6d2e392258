import Basics
import FoundationEssentials
import Glibc
import HTTP
import Sandbox

/// Runs a simulated Telegram alone: `surfaces-sandbox telegram SCHEMA [PORT]`.
///
/// Prints its address as the first line, then serves until it is ended.
@main
enum Main {
    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.first == "telegram", let path = arguments.dropFirst().first else {
            say("usage: surfaces-sandbox telegram SCHEMA [PORT]", to: STDERR_FILENO)
            exit(64)
        }
        let port = arguments.dropFirst(2).first.flatMap { UInt16($0) } ?? 0
        do {
            let schema = BotAPISchema(try JSONValue(parsing: contents(ofSmallFile: path, limit: 1 << 20)))
            let server = SimulatorServer(
                TelegramSimulator(schema: schema),
                address: SocketAddress(host: "127.0.0.1", port: port)
            )
            try await server.serve { address in
                say(address, to: STDOUT_FILENO)
                while !Task.isCancelled { try await Task.sleep(for: .seconds(3600)) }
            }
        } catch {
            say("surfaces-sandbox: \(error)", to: STDERR_FILENO)
            exit(70)
        }
    }

    private static func say(_ line: String, to descriptor: Int32) {
        let bytes = Array("\(line)\n".utf8)
        _ = write(descriptor, bytes, bytes.count)
    }
}
