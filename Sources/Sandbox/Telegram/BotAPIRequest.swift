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
        } else if type.hasPrefix("multipart/form-data"), let boundary = Self.boundary(type) {
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

    private static func boundary(_ type: String) -> String? {
        guard let range = type.firstRange(of: "boundary=") else { return nil }
        return String(type[range.upperBound...].prefix { $0 != ";" }.filter { $0 != "\"" })
    }
}

/// The parts of a `multipart/form-data` body (RFC 7578).
struct MultipartBody: Sendable {
    struct Part: Sendable {
        let name: String
        let fileName: String?
        let mimeType: String
        let bytes: [UInt8]
    }

    let parts: [Part]

    init(_ body: [UInt8], boundary: String) {
        var parts: [Part] = []
        let mark = Array("\r\n--\(boundary)".utf8)
        var rest = (Array("\r\n".utf8) + body)[...]
        while let start = rest.firstRange(of: mark) {
            rest = rest[start.upperBound...]
            guard let end = rest.firstRange(of: mark) else { break }
            if let part = Self.part(rest[..<end.lowerBound]) { parts.append(part) }
            rest = rest[end.lowerBound...]
        }
        self.parts = parts
    }

    private static func part(_ bytes: ArraySlice<UInt8>) -> Part? {
        guard let gap = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: bytes[..<gap.lowerBound], as: UTF8.self)
        guard let name = field("name", in: head) else { return nil }
        let type = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-type:") }
        return Part(
            name: name,
            fileName: field("filename", in: head),
            mimeType: type.map { $0.dropFirst("content-type:".count).trimmed() } ?? "application/octet-stream",
            bytes: Array(bytes[gap.upperBound...])
        )
    }

    private static func field(_ name: String, in head: String) -> String? {
        for start in [" \(name)=\"", ";\(name)=\""] {
            guard let range = head.firstRange(of: start) else { continue }
            return String(head[range.upperBound...].prefix { $0 != "\"" })
        }
        return nil
    }
}
