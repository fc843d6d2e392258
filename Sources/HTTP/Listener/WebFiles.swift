import Basics
import CWebPages

/// The files of a web page that are part of the program.
package struct WebFiles: Sendable {
    private struct File {
        let type: String
        let bytes: [UInt8]
        let tag: String
    }

    /// What a page may do: load and call only what comes from here, run no script that stands in the page itself.
    package static let policy: [HTTPHeader] = [
        HTTPHeader(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
                + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        HTTPHeader("X-Content-Type-Options", "nosniff"),
        HTTPHeader("Referrer-Policy", "no-referrer"),
        HTTPHeader("Cross-Origin-Opener-Policy", "same-origin"),
        HTTPHeader("Cross-Origin-Resource-Policy", "same-origin"),
    ]

    private static let types = [
        "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8",
        "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
    ]

    private let files: [String: File]

    /// - Parameter folder: Below `Sources/CWebPages/pages`.
    package init(folder: String) {
        var files: [String: File] = [:]
        for index in 0..<surfaces_web_file_count {
            let file = surfaces_web_file_at(index)
            let path = String(cString: file.path)
            guard path.hasPrefix("\(folder)/") else { continue }
            let name = path.dropFirst(folder.count + 1)
            let bytes = Array(UnsafeBufferPointer(start: file.bytes, count: file.size))
            let type = name.split(separator: ".").last.flatMap { Self.types[String($0)] }
            files[name == "index.html" ? "/" : "/\(name)"] = File(
                type: type ?? "application/octet-stream",
                bytes: bytes,
                tag: "\"\(hex(sha256(bytes).prefix(12)))\""
            )
        }
        self.files = files
    }

    /// `nil` when there is no such file.
    package func response(to request: HTTPServerRequest) -> HTTPServerResponse? {
        guard let file = files[request.path] else { return nil }
        var headers = Self.policy + [HTTPHeader("ETag", file.tag), HTTPHeader("Cache-Control", "no-cache")]
        guard request.headers["If-None-Match"] != file.tag else {
            return HTTPServerResponse(status: 304, headers: headers)
        }
        headers.append(HTTPHeader("Content-Type", file.type))
        return HTTPServerResponse(status: 200, headers: headers, body: .bytes(file.bytes))
    }
}
