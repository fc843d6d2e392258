import Basics
import HTTP

/// Keeps other web sites away from a server on this machine.
///
/// A site can make a browser send requests here, and by its own DNS it can even give this machine a name of its own
/// (DNS rebinding). So only the names of this machine count, and a request that names its origin must come from here.
enum SameOrigin {
    private static let names: Set<String> = ["127.0.0.1", "localhost", "[::1]"]

    /// What to answer instead; `nil` when the request may pass.
    static func refusal(of request: HTTPServerRequest) -> HTTPServerResponse? {
        guard let host = request.headers["Host"]?.lowercased(), names.contains(name(in: host)) else {
            return .refused(403, "Host: must be 127.0.0.1, localhost or [::1]")
        }
        if let origin = request.headers["Origin"]?.lowercased(), origin != "http://\(host)" {
            return .refused(403, "Origin: must be http://\(host)")
        }
        guard request.method == "POST" else { return nil }
        let type = request.headers["Content-Type"]?.prefix { $0 != ";" }.lowercased()
        // A form of another site cannot have this type.
        guard type == "application/json" else { return .refused(415, "Content-Type: must be application/json") }
        return nil
    }

    private static func name(in host: String) -> String {
        if host.hasPrefix("[") { return host.firstIndex(of: "]").map { String(host[...$0]) } ?? "" }
        return String(host.prefix { $0 != ":" })
    }
}

extension HTTPServerResponse {
    static func refused(_ status: Int, _ reason: String) -> HTTPServerResponse {
        .json(["error": .string(reason)], status: status)
    }
}
