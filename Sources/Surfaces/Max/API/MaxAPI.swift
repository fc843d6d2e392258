import Basics
import HTTP

/// Calls the MAX Bot API: one call, one request.
struct MaxAPI: Sendable {
    private let http: HTTPClient
    private let base: String
    private let token: Secret
    private let trustedCertificates: String?

    /// How long a call may take beyond what it asks the server to wait.
    static let patience = Duration.seconds(10)

    init(base: String, token: Secret, trustedCertificates: String? = nil, http: HTTPClient) {
        self.base = base
        self.token = token
        self.trustedCertificates = trustedCertificates
        self.http = http
    }

    /// Makes a call and returns what it answers.
    ///
    /// - Parameters:
    ///   - path: Begins with `/`; what comes from outside is percent-encoded.
    ///   - waits: How long the server was asked to hold the answer back.
    func call(
        _ method: String,
        _ path: String,
        query: [(name: String, value: String)] = [],
        body: JSONValue? = nil,
        waits: Duration = .zero
    ) async throws(MaxAPIError) -> JSONValue {
        let pairs = query.map { "\($0.name)=\($0.value.percentEncoded)" }.joined(separator: "&")
        var request = HTTPRequest(method, "\(base)\(path)\(pairs.isEmpty ? "" : "?")\(pairs)")
        // Raw: any scheme before it makes it malformed.
        request.headers = [HTTPHeader("Authorization", token.exposed)]
        if let body {
            request.headers.append(HTTPHeader("Content-Type", "application/json"))
            request.body = .bytes(body.encoded)
        }
        request.timeouts = HTTPTimeouts(idle: waits + Self.patience, total: waits + Self.patience)
        return try result(of: try await send(request))
    }

    /// Posts a file to the address that was given for it; the token is not for that host.
    func post(_ form: MultipartForm, to url: String) async throws(MaxAPIError) -> HTTPReply {
        let headers = [HTTPHeader("Content-Type", form.contentType)]
        return try await send(HTTPRequest("POST", url, headers: headers, body: form.body))
    }

    /// Streams `url`, without the token.
    func open(_ url: String) async throws(MaxAPIError) -> HTTPResponse {
        do throws(HTTPError) {
            return try await http.open(HTTPRequest("GET", url))
        } catch {
            throw failure(error)
        }
    }

    private func send(_ request: HTTPRequest) async throws(MaxAPIError) -> HTTPReply {
        do throws(HTTPError) {
            return try await http.send(request)
        } catch {
            throw failure(error)
        }
    }

    private func failure(_ error: HTTPError) -> MaxAPIError {
        switch error {
        case .notSent(.certificate, let reason):
            .untrusted(advice: TrustedAuthorities.advice(after: reason, file: trustedCertificates))
        case .notSent: .notSent(reason: error.description)
        case .interrupted(let reason), .timedOut(let reason): .lost(reason: reason)
        case .tooLarge: .lost(reason: error.description)
        case .invalidRequest(let reason): .impossible(reason: reason)
        case .cancelled: .cancelled
        }
    }

    /// What the server says in `reply`.
    func result(of reply: HTTPReply) throws(MaxAPIError) -> JSONValue {
        let answer = try? JSONValue(parsing: reply.body)
        let code = answer?["code"]?.string
        let message = answer?["message"]?.string ?? answer?["error"]?.string
        // Status 200 may be a failure all the same.
        let isRefused = answer?["success"]?.bool == false || code != nil && message != nil
        if reply.status < 300, !isRefused {
            // It may have been done all the same.
            guard let answer else { throw .lost(reason: "an answer that is no JSON") }
            return answer
        }
        let retryAfter = reply.headers["Retry-After"].flatMap { Int64($0) }
        // An error of the service has a code, or says that it is no success.
        guard isRefused || code != nil else { throw .proxied(status: reply.status, retryAfter: retryAfter) }
        throw .failed(
            MaxFailure(
                status: reply.status,
                code: code ?? "",
                message: washed(message ?? "no description"),
                retryAfter: retryAfter
            )
        )
    }

    private func washed(_ text: String) -> String {
        token.exposed.isEmpty ? text : text.replacing(token.exposed, with: "<token>")
    }
}
