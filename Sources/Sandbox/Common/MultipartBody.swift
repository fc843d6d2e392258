import Basics

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

    /// What a `Content-Type` header names as the boundary.
    static func boundary(in type: String) -> String? {
        guard let range = type.firstRange(of: "boundary=") else { return nil }
        return String(type[range.upperBound...].prefix { $0 != ";" }.filter { $0 != "\"" })
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
