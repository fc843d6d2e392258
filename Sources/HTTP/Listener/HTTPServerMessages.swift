/// A request that reached an ``HTTPListener``, whole.
package struct HTTPServerRequest: Sendable {
    package let method: String
    /// Percent-decoded, without the query.
    package let path: String
    /// Decoded, in order.
    package let query: [(name: String, value: String)]
    package let headers: [HTTPHeader]
    package let body: [UInt8]

    package init(
        method: String,
        path: String,
        query: [(name: String, value: String)],
        headers: [HTTPHeader],
        body: [UInt8]
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }
}

/// What an ``HTTPListener`` answers.
package struct HTTPServerResponse: Sendable {
    package enum Body: Sendable {
        case bytes([UInt8])
        /// Sent chunked as parts arrive; the sequence is cancelled when the client goes away.
        case stream(AsyncStream<[UInt8]>)
    }

    /// 200 to 999.
    package var status: Int
    /// Without those of the framing, which are the listener's; one that cannot be sent is left out.
    package var headers: [HTTPHeader]
    package var body: Body

    package init(status: Int, headers: [HTTPHeader] = [], body: Body = .bytes([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
