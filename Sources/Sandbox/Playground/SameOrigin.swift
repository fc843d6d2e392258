import Basics
import HTTP

/// Keeps other web sites away from a server on this machine.
///
/// A site can make a browser send requests here. So, besides what ``LocalName`` refuses, a request that names its origin
/// must come from here.
enum SameOrigin {
    /// What to answer instead; `nil` when the request may pass.
    static func refusal(of request: HTTPServerRequest) -> HTTPServerResponse? {
        if let refusal = LocalName.refusal(of: request) { return refusal }
        let host = request.headers["Host"]?.lowercased() ?? ""
        if let origin = request.headers["Origin"]?.lowercased(), origin != "http://\(host)" {
            return .refused(403, "Origin: must be http://\(host)")
        }
        guard request.method == "POST" else { return nil }
        let type = request.headers["Content-Type"]?.prefix { $0 != ";" }.lowercased()
        // A form of another site cannot have this type.
        guard type == "application/json" else { return .refused(415, "Content-Type: must be application/json") }
        return nil
    }
}

extension HTTPServerResponse {
    static func refused(_ status: Int, _ reason: String) -> HTTPServerResponse {
        .json(["error": .string(reason)], status: status)
    }
}
