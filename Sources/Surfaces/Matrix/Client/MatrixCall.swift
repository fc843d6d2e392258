import Basics
import HTTP

/// One request to a homeserver, before it has an address and a token.
struct MatrixCall: Sendable {
    enum Content: Sendable {
        case none
        case json(JSONValue)
        case file(path: String, mimeType: String)
    }

    var method: String
    /// Path segments, each not yet percent-encoded.
    var path: [String]
    var query: [(name: String, value: String)] = []
    var content = Content.none
    var timeouts = HTTPTimeouts(idle: .seconds(60), total: .seconds(90))

    init(_ method: String, _ path: [String]) {
        self.method = method
        self.path = path
    }

    /// A call to a stable endpoint below `/_matrix/client/v3`.
    static func v3(_ method: String, _ path: String..., json: JSONValue? = nil) -> MatrixCall {
        var call = MatrixCall(method, ["_matrix", "client", "v3"] + path)
        if let json { call.content = .json(json) }
        return call
    }

    /// The request, sent to the homeserver at `base` and authorized by `token`.
    func request(to base: String, token: Secret?) -> HTTPRequest {
        var request = HTTPRequest(method, address(below: base), timeouts: timeouts)
        if let token { request.headers.append(HTTPHeader("Authorization", "Bearer \(token.exposed)")) }
        switch content {
        case .none: break
        case .json(let value):
            request.headers.append(HTTPHeader("Content-Type", "application/json"))
            request.body = .bytes(value.encoded)
        case .file(let path, let mimeType):
            request.headers.append(HTTPHeader("Content-Type", mimeType))
            request.body = .file(path: path)
        }
        return request
    }

    private func address(below base: String) -> String {
        let address = base + path.map { "/" + $0.percentEncoded }.joined()
        guard !query.isEmpty else { return address }
        return address + "?"
            + query.map { "\($0.name.percentEncoded)=\($0.value.percentEncoded)" }.joined(separator: "&")
    }
}
