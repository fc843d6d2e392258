import Basics
import HTTP
import Manifest

/// `surfaces status`: asks the running host.
struct StatusCommand: Sendable {
    let console: Console

    func run(manifest: String, json: Bool) async -> ExitCode {
        let address: SocketAddress
        do { address = try Manifest.adminAddress(manifest) } catch {
            for mistake in error.mistakes { console.complain(mistake.line(in: manifest)) }
            return .configuration
        }
        guard address.port != 0 else {
            console.complain("surfaces: http.listen has port 0, which is another one at each start; give it a number")
            return .unavailable
        }
        let here = address.fromHere
        do {
            let reply = try await HTTPClient().send(
                HTTPRequest("GET", "http://\(here)/status", timeouts: HTTPTimeouts(total: .seconds(10)))
            )
            guard reply.status == 200, let status = try? JSONValue(parsing: reply.body), status["surfaces"] != nil
            else {
                console.complain(
                    "surfaces: what listens at \(here) is not this program’s host (it answered \(reply.status))"
                )
                return .unavailable
            }
            console.print(json ? status.text : Self.text(status))
            return .fine
        } catch {
            console.complain("surfaces: the host does not answer at \(here); is it running with this manifest?")
            return .unavailable
        }
    }

    /// What `/status` says, as a table.
    static func text(_ status: JSONValue) -> String {
        let surfaces = (status["surfaces"]?.array ?? []).map { surface in
            ["id", "kind", "state", "since", "lastReceivedAt", "reason"].map { surface[$0]?.string ?? "-" }
        }
        let agent = [status["agent"]?["state"], status["agent"]?["reason"]].compactMap { $0?.string }
        let counts = [("inbox", "waiting"), ("outbox", "waiting"), ("turns", "running")].map { section, count in
            "\(section) \(status[section]?[count]?.int64 ?? 0) \(count)"
        }
        let uptime = Int(status["uptimeSeconds"]?.double ?? 0)
        return """
            surfaces \(status["version"]?.string ?? "?"), up \(Duration.seconds(uptime).formattedRoughly)
            agent    \(agent.joined(separator: ": "))
            queues   \(counts.joined(separator: ", "))

            \(Table([["SURFACE", "KIND", "STATE", "SINCE", "LAST RECEIVED", "REASON"]] + surfaces).text)
            """
    }
}

extension Duration {
    /// Days and hours, hours and minutes, or minutes and seconds.
    fileprivate var formattedRoughly: String {
        let seconds = components.seconds
        return switch seconds {
        case ..<3600: "\(seconds / 60) min \(seconds % 60) s"
        case ..<86_400: "\(seconds / 3600) h \(seconds / 60 % 60) min"
        default: "\(seconds / 86_400) d \(seconds / 3600 % 24) h"
        }
    }
}
