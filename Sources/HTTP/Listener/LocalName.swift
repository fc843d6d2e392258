/// Keeps web sites away from a server that only this machine is to reach.
///
/// A site can, by its own DNS, give this machine a name of its own (DNS rebinding), and read what answers to it. So only
/// the names of this machine count.
package enum LocalName {
    private static let names: Set<String> = ["127.0.0.1", "localhost", "[::1]"]

    /// What to answer instead; `nil` when the request names this machine.
    package static func refusal(of request: HTTPServerRequest) -> HTTPServerResponse? {
        guard let host = request.headers["Host"]?.lowercased(), names.contains(name(in: host)) else {
            return HTTPServerResponse(
                status: 403,
                headers: [HTTPHeader("Content-Type", "application/json")],
                body: .bytes(Array(#"{"error":"Host: must be 127.0.0.1, localhost or [::1]"}"#.utf8))
            )
        }
        return nil
    }

    private static func name(in host: String) -> String {
        if host.hasPrefix("[") { return host.firstIndex(of: "]").map { String(host[...$0]) } ?? "" }
        return String(host.prefix { $0 != ":" })
    }
}
