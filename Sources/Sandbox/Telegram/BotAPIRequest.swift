import Basics
import HTTP

/// A call as the server reads it: from the query, a form, JSON or a multipart body.
struct BotAPIRequest: Sendable {
    struct File: Sendable {
        let name: String
        let mimeType: String
        let bytes: [UInt8]
    }

    let parameters: JSONObject
    /// Uploads, by the name of their part.
    let files: [String: File]

    init(_ request: HTTPServerRequest) {
        var parameters = JSONObject()
        var files: [String: File] = [:]
        for (name, value) in request.query { parameters[name] = Self.value(value) }
        let type = request.headers["Content-Type"] ?? ""
        if type.hasPrefix("application/json") {
            for member in (try? JSONValue(parsing: request.body))?.object?.members ?? [] {
                parameters[member.key] = member.value
            }
        } else if type.hasPrefix("multipart/form-data"), let boundary = MultipartBody.boundary(in: type) {
            for part in MultipartBody(request.body, boundary: boundary).parts {
                if let file = part.fileName {
                    files[part.name] = File(name: file, mimeType: part.mimeType, bytes: part.bytes)
                } else {
                    parameters[part.name] = Self.value(String(decoding: part.bytes, as: UTF8.self))
                }
            }
        } else if type.hasPrefix("application/x-www-form-urlencoded") {
            for pair in String(decoding: request.body, as: UTF8.self).split(separator: "&") {
                let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
                    $0.replacing("+", with: " ").percentDecoded ?? ""
                }
                parameters[halves[0]] = Self.value(halves.count == 2 ? halves[1] : "")
            }
        }
        self.parameters = parameters
        self.files = files
    }

    init(_ parameters: JSONObject) {
        self.parameters = parameters
        files = [:]
    }

    /// Objects and arrays are JSON in a form; the rest is text that the server reads as it needs it.
    private static func value(_ text: String) -> JSONValue {
        if text.first == "{" || text.first == "[", let value = try? JSONValue(parsing: text.utf8) { return value }
        if text == "true" || text == "True" { return true }
        if text == "false" || text == "False" { return false }
        if let number = Int64(text), String(number) == text { return JSONValue(number) }
        return .string(text)
    }
}
