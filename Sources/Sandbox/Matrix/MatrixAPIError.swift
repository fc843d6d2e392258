import Basics
import HTTP

/// An error as a homeserver answers it ("Standard error response").
package struct MatrixAPIError: Error, Hashable {
    package let status: Int
    /// `errcode`.
    package let code: String
    /// `error`, in Synapse’s words.
    package let text: String
    var more = JSONObject()

    init(_ status: Int, _ code: String, _ text: String) {
        self.status = status
        self.code = code
        self.text = text
    }

    static func bad(_ text: String) -> MatrixAPIError { MatrixAPIError(400, "M_UNKNOWN", text) }
    static func invalid(_ text: String) -> MatrixAPIError { MatrixAPIError(400, "M_INVALID_PARAM", text) }
    static func badJSON(_ text: String) -> MatrixAPIError { MatrixAPIError(400, "M_BAD_JSON", text) }
    static func forbidden(_ text: String) -> MatrixAPIError { MatrixAPIError(403, "M_FORBIDDEN", text) }
    static func badState(_ text: String) -> MatrixAPIError { MatrixAPIError(403, "M_BAD_STATE", text) }
    static func notFound(_ text: String) -> MatrixAPIError { MatrixAPIError(404, "M_NOT_FOUND", text) }
    static let unrecognized = MatrixAPIError(404, "M_UNRECOGNIZED", "Unrecognized request")
    static let internalError = MatrixAPIError(500, "M_UNKNOWN", "Internal server error")
    static let missingToken = MatrixAPIError(401, "M_MISSING_TOKEN", "Missing access token")

    static func unknownToken(_ text: String, isSoft: Bool) -> MatrixAPIError {
        var error = MatrixAPIError(401, "M_UNKNOWN_TOKEN", text)
        error.more["soft_logout"] = .bool(isSoft)
        return error
    }

    static func limited(for wait: Duration) -> MatrixAPIError {
        var error = MatrixAPIError(429, "M_LIMIT_EXCEEDED", "Too Many Requests")
        error.more["retry_after_ms"] = JSONValue(max(0, Int64((wait / .milliseconds(1)).rounded())))
        return error
    }

    var response: HTTPServerResponse {
        var body = JSONObject()
        body["errcode"] = .string(code)
        body["error"] = .string(text)
        for member in more.members { body[member.key] = member.value }
        var response = HTTPServerResponse.json(.object(body), status: status)
        if let wait = more["retry_after_ms"]?.int64 {
            response.headers.append(HTTPHeader("Retry-After", String((wait + 999) / 1000)))
        }
        return response
    }
}
