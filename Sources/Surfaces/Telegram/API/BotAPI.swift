import Basics
import HTTP

/// Calls methods of the Bot API: one call, one request.
///
/// The token is part of every URL, so nothing that holds a URL leaves this type unwashed.
struct BotAPI: Sendable {
    private let http: HTTPClient
    private let base: String
    private let token: Secret

    /// How long a call may take beyond what it asks the server to wait.
    static let patience = Duration.seconds(10)

    init(base: String, token: Secret, http: HTTPClient) {
        self.base = base
        self.token = token
        self.http = http
    }

    /// Calls `method` and returns its `result`.
    ///
    /// - Parameters:
    ///   - files: Parts that `parameters` names as `attach://name`; then the call is a multipart form.
    ///   - waits: How long the server was asked to hold the answer back.
    func call(
        _ method: String,
        _ parameters: JSONObject = JSONObject(),
        files: [MultipartFile] = [],
        waits: Duration = .zero
    ) async throws(BotAPIError) -> JSONValue {
        var request = HTTPRequest("POST", "\(base)/bot\(token.exposed)/\(method)")
        if files.isEmpty {
            request.headers = [HTTPHeader("Content-Type", "application/json")]
            request.body = .bytes(JSONValue.object(parameters).encoded)
            request.timeouts = HTTPTimeouts(idle: waits + Self.patience, total: waits + Self.patience)
        } else {
            let form = MultipartForm(parameters, files)
            request.headers = [HTTPHeader("Content-Type", form.contentType)]
            request.body = form.body
        }
        let reply: HTTPReply
        do throws(HTTPError) {
            reply = try await http.send(request)
        } catch {
            throw BotAPIError(washed(error))
        }
        return try result(of: reply)
    }

    /// Streams `url`, which may hold the token.
    func open(_ url: String) async throws(BotAPIError) -> HTTPResponse {
        do throws(HTTPError) {
            return try await http.open(HTTPRequest("GET", url))
        } catch {
            throw BotAPIError(washed(error))
        }
    }

    /// What the server says in `reply`.
    func result(of reply: HTTPReply) throws(BotAPIError) -> JSONValue {
        guard let answer = try? JSONValue(parsing: reply.body), let ok = answer["ok"]?.bool else {
            throw .proxied(status: reply.status, retryAfter: reply.headers["Retry-After"].flatMap { Int64($0) })
        }
        if ok, let result = answer["result"] { return result }
        throw .failed(
            BotAPIFailure(
                code: answer["error_code"]?.int64.map(Int.init) ?? reply.status,
                description: washed(answer["description"]?.string ?? "no description"),
                retryAfter: answer["parameters"]?["retry_after"]?.int64
                    ?? reply.headers["Retry-After"].flatMap { Int64($0) },
                migratedTo: answer["parameters"]?["migrate_to_chat_id"]?.int64
            )
        )
    }

    // MARK: Secrecy

    private func washed(_ error: HTTPError) -> HTTPError {
        switch error {
        case .notSent(let obstacle, let reason): .notSent(obstacle, reason: washed(reason))
        case .interrupted(let reason): .interrupted(reason: washed(reason))
        case .timedOut(let reason): .timedOut(reason: washed(reason))
        case .invalidRequest(let reason): .invalidRequest(reason: washed(reason))
        case .tooLarge, .cancelled: error
        }
    }

    private func washed(_ text: String) -> String {
        token.exposed.isEmpty ? text : text.replacing(token.exposed, with: "<token>")
    }
}
