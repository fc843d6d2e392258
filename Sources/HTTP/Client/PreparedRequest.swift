import Basics
import FoundationEssentials
import Glibc

/// A request that was found fit to be sent, in the form in which libcurl takes it.
struct PreparedRequest: Sendable {
    enum Body: Sendable {
        case none
        case bytes([UInt8])
        case parts(RequestParts)
        case stream(length: Int?)
    }

    let method: String
    let url: String
    /// Field lines as `CURLOPT_HTTPHEADER` reads them.
    let headerLines: [String]
    let body: Body
    let timeouts: HTTPTimeouts
    let configuration: HTTPClientConfiguration

    /// - Throws: ``HTTPError/invalidRequest(reason:)``.
    init(_ request: HTTPRequest, _ configuration: HTTPClientConfiguration) throws(HTTPError) {
        try Self.check(request)
        try Self.check(configuration)
        method = request.method
        url = request.url
        timeouts = request.timeouts
        self.configuration = configuration
        switch request.body {
        case .none: body = .none
        case .bytes(let bytes): body = .bytes(bytes)
        case .file(let path): body = .parts(try RequestParts([.file(path: path)]))
        case .parts(let parts): body = .parts(try RequestParts(parts))
        case .stream(let length, _): body = .stream(length: length)
        }
        headerLines = Self.headerLines(for: request)
    }

    /// The announced length of a streamed body.
    var streamLength: Int? {
        guard case .stream(let length) = body else { return nil }
        return length
    }

    private static func check(_ request: HTTPRequest) throws(HTTPError) {
        guard !request.method.isEmpty, request.method.utf8.allSatisfy(isTokenByte) else {
            throw .invalidRequest(reason: "the method is not a token")
        }
        // The URL itself may hold a secret: no reason shows it.
        guard URLParts(request.url) != nil else {
            throw .invalidRequest(reason: "the URL is not an absolute http or https URL")
        }
        for header in request.headers {
            guard !header.name.isEmpty, header.name.utf8.allSatisfy(isTokenByte) else {
                throw .invalidRequest(reason: "a header field's name is not a token")
            }
            guard !header.value.utf8.contains(where: { $0 == 0 || $0 == 10 || $0 == 13 }) else {
                throw .invalidRequest(reason: "the value of the header field \(header.name) has a line break")
            }
        }
        if request.method == "HEAD", case .none = request.body {
            return
        } else if request.method == "HEAD" {
            throw .invalidRequest(reason: "a HEAD request has no body")
        }
    }

    private static func check(_ configuration: HTTPClientConfiguration) throws(HTTPError) {
        if let proxy = configuration.proxy {
            guard URLParts(proxy.exposed, schemes: ["http", "https", "socks5h"]) != nil else {
                throw .invalidRequest(reason: "the proxy is not an http, https or socks5h address")
            }
        }
        if let path = configuration.trustedCertificates, access(path, R_OK) != 0 {
            throw .invalidRequest(reason: "cannot read certificates at \(path): \(String(cString: strerror(errno)))")
        }
    }

    private static func headerLines(for request: HTTPRequest) -> [String] {
        // Framing is ours: a field of the caller's that contradicts the body would desynchronize the connection.
        let own = ["content-length", "transfer-encoding", "expect"]
        var lines = request.headers.filter { !own.contains($0.name.lowercased()) }.map { header in
            // libcurl reads "Name:" as "do not send it", and "Name;" as an empty value.
            header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)"
        }
        lines.append("Expect:")
        if request.headers["Content-Type"] == nil { lines.append("Content-Type:") }
        if case .stream(length: nil, _) = request.body { lines.append("Transfer-Encoding: chunked") }
        return lines
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
