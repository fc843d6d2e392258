import Basics

/// A file that goes with a form.
package struct MultipartFile: Sendable {
    /// The name of its part.
    package let part: String
    package let path: String
    package let name: String
    package let mimeType: String

    package init(part: String, path: String, name: String, mimeType: String) {
        self.part = part
        self.path = path
        self.name = name
        self.mimeType = mimeType
    }
}

/// Parameters and files as `multipart/form-data` (RFC 7578).
package struct MultipartForm: Sendable {
    package let contentType: String
    package let body: HTTPBody

    package init(_ parameters: JSONObject, _ files: [MultipartFile]) {
        let boundary = "surfaces-\(randomToken(length: 24))"
        var parts: [HTTPBody.Part] = parameters.members.map { member in
            let head = "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(member.key)\"\r\n\r\n"
            return .bytes(Array("\(head)\(Self.field(member.value))\r\n".utf8))
        }
        for file in files {
            let head = """
                --\(boundary)\r
                Content-Disposition: form-data; name="\(file.part)"; filename="\(Self.quotable(file.name))"\r
                Content-Type: \(Self.quotable(file.mimeType))\r
                \r

                """
            parts += [.bytes(Array(head.utf8)), .file(path: file.path), .bytes(Array("\r\n".utf8))]
        }
        parts.append(.bytes(Array("--\(boundary)--\r\n".utf8)))
        contentType = "multipart/form-data; boundary=\(boundary)"
        body = .parts(parts)
    }

    /// Objects and arrays are JSON in a form, strings are themselves.
    private static func field(_ value: JSONValue) -> String { value.string ?? value.text }

    /// Without what would end the header.
    private static func quotable(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar -> Unicode.Scalar in
            scalar.value < 0x20 || scalar == "\"" || scalar == "\\" ? "_" : scalar
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
