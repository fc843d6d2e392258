import Basics
import HTTP

/// An error as the server answers it.
struct BotAPIFault: Error {
    let code: Int
    let description: String
    var parameters = JSONObject()

    init(_ code: Int, _ description: String, retryAfter: Int64? = nil, movedTo: Int64? = nil) {
        self.code = code
        self.description = description
        parameters["retry_after"] = retryAfter.map { JSONValue($0) }
        parameters["migrate_to_chat_id"] = movedTo.map { JSONValue($0) }
    }

    static func bad(_ text: String) -> BotAPIFault { BotAPIFault(400, "Bad Request: \(text)") }

    static func tooMany(_ seconds: Int64) -> BotAPIFault {
        BotAPIFault(429, "Too Many Requests: retry after \(seconds)", retryAfter: seconds)
    }
}

extension HTTPServerResponse {
    static func result(_ value: JSONValue) -> HTTPServerResponse { json(["ok": true, "result": value]) }

    static func fault(_ fault: BotAPIFault) -> HTTPServerResponse {
        var answer = JSONObject()
        answer["ok"] = false
        answer["error_code"] = JSONValue(fault.code)
        answer["description"] = .string(fault.description)
        if !fault.parameters.members.isEmpty { answer["parameters"] = .object(fault.parameters) }
        var response = json(.object(answer), status: fault.code)
        if let seconds = fault.parameters["retry_after"]?.int64 {
            response.headers.append(HTTPHeader("Retry-After", String(seconds)))
        }
        return response
    }
}
