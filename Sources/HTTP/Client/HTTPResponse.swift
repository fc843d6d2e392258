/// The head of a response, and its body as it arrives.
package struct HTTPResponse: Sendable {
    package let status: Int
    package let headers: [HTTPHeader]
    package let body: HTTPBodyStream

    package init(status: Int, headers: [HTTPHeader], body: HTTPBodyStream) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// A response that has arrived whole.
package struct HTTPReply: Sendable {
    package let status: Int
    package let headers: [HTTPHeader]
    package let body: [UInt8]

    package init(status: Int, headers: [HTTPHeader], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// The bytes of a response body, in the pieces in which they arrive.
///
/// For one consumer. A slow consumer pauses the transfer instead of filling memory; ending the iteration early,
/// dropping the stream or cancelling the task closes the connection.
package struct HTTPBodyStream: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    package typealias Failure = HTTPError

    /// Cancels the exchange when it goes, unless that has ended.
    fileprivate final class Lifetime: Sendable {
        let exchange: Exchange
        /// An iterator outlives the stream it was made from.
        private let stream: Lifetime?

        init(_ exchange: Exchange, within stream: Lifetime? = nil) {
            self.exchange = exchange
            self.stream = stream
        }

        deinit { exchange.cancel() }
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        private let lifetime: Lifetime

        fileprivate init(_ lifetime: Lifetime) { self.lifetime = lifetime }

        package mutating func next() async throws(HTTPError) -> [UInt8]? { try await next(isolation: nil) }

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(HTTPError) -> [UInt8]? {
            let exchange = lifetime.exchange
            let piece = await withTaskCancellationHandler {
                await exchange.nextPiece()
            } onCancel: {
                exchange.cancel()
            }
            return try piece.get()
        }
    }

    private let lifetime: Lifetime

    init(_ exchange: Exchange) { lifetime = Lifetime(exchange) }

    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(Lifetime(lifetime.exchange, within: lifetime))
    }
}
