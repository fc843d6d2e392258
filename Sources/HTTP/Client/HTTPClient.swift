import Basics

/// How a client connects.
package struct HTTPClientConfiguration: Sendable {
    /// `http://`, `https://` or `socks5h://` address; `nil` connects directly, whatever the environment says.
    package var proxy: Secret?
    /// A PEM file trusted beside the system's roots, by this client only.
    package var trustedCertificates: String?
    /// A new connection for each request, closed after it.
    package var freshConnections: Bool
    /// Value of the `User-Agent` header.
    package var userAgent: String
    /// Whether a server at this IP address may be asked; `nil` for any.
    ///
    /// Decided when connected, before a byte of the request is sent, so that no name can lead elsewhere meanwhile.
    package var admits: (@Sendable (String) -> Bool)?

    package init(
        proxy: Secret? = nil,
        trustedCertificates: String? = nil,
        freshConnections: Bool = false,
        userAgent: String = "surfaces",
        admits: (@Sendable (String) -> Bool)? = nil
    ) {
        self.admits = admits
        self.proxy = proxy
        self.trustedCertificates = trustedCertificates
        self.freshConnections = freshConnections
        self.userAgent = userAgent
    }
}

/// Makes HTTP requests through libcurl, on one loop thread that all clients of the process share.
///
/// HTTP/1.1 only: one exchange has one connection, so that cancelling can close it and a reader who is behind holds
/// up nobody else. Redirects are not followed, compression is not asked for, cookies are not kept.
package final class HTTPClient: Sendable {
    private let configuration: HTTPClientConfiguration

    package init(_ configuration: HTTPClientConfiguration = HTTPClientConfiguration()) {
        self.configuration = configuration
    }

    /// Sends `request` and returns when the response's head has arrived.
    ///
    /// A request body that is a stream is sent to its end first, unless the head says 300 or more: then nobody
    /// waits for the rest, and `next` is cancelled. Cancelling the task closes the connection, before and after
    /// the head.
    package func open(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let prepared = try PreparedRequest(request, configuration)
        let exchange = Exchange(on: .shared, streamLength: prepared.streamLength)
        let head = await withTaskCancellationHandler {
            exchange.start(prepared)
            guard case .stream(_, let next) = request.body else { return await exchange.response.head() }
            return await exchange.head(sending: next)
        } onCancel: {
            exchange.cancel()
        }
        let body = HTTPBodyStream(exchange)
        switch head {
        case .success(let head): return HTTPResponse(status: head.status, headers: head.headers, body: body)
        case .failure(let error): throw error
        }
    }

    /// Sends `request` and returns when the response is complete.
    ///
    /// - Parameter limit: The largest body to accept, in bytes.
    package func send(_ request: HTTPRequest, limit: Int = 8 << 20) async throws(HTTPError) -> HTTPReply {
        let response = try await open(request)
        let announced = response.headers["Content-Length"].flatMap { Int($0) } ?? 0
        guard request.method == "HEAD" || announced <= limit else { throw .tooLarge(limit: limit) }
        var body: [UInt8] = []
        for try await piece in response.body {
            guard body.count + piece.count <= limit else { throw .tooLarge(limit: limit) }
            body.append(contentsOf: piece)
        }
        return HTTPReply(status: response.status, headers: response.headers, body: body)
    }
}
