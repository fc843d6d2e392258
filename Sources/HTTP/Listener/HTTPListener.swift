import Basics

/// Serves HTTP/1.1 through libmicrohttpd.
package struct HTTPListener: Sendable {
    /// Limits on what a client may ask of the listener.
    package struct Limits: Sendable {
        /// Bytes of a request body; a longer one is answered 413.
        package var body: Int
        /// Bytes of a connection's head and buffers; a larger head is answered 431 or 414.
        package var head: Int
        /// From the first byte of a request to its last, and from there to the first of its answer.
        package var total: Duration
        /// Without a byte in either direction.
        package var idle: Duration
        /// More wait until one ends.
        package var connections: Int

        package init(
            body: Int = 4 << 20,
            head: Int = 32 << 10,
            total: Duration = .seconds(60),
            idle: Duration = .seconds(30),
            connections: Int = 1024
        ) {
            self.body = body
            self.head = head
            self.total = total
            self.idle = idle
            self.connections = connections
        }
    }

    package let address: SocketAddress
    package let limits: Limits

    package init(address: SocketAddress, limits: Limits = Limits()) {
        self.address = address
        self.limits = limits
    }

    /// Listens for as long as `body` runs; `handle` answers each request, concurrently.
    ///
    /// A handler’s task is cancelled when its request takes longer than it may and when `body` has ended; all have
    /// ended when this returns.
    ///
    /// - Parameter body: Gets the address that is bound, with the port that the system chose.
    /// - Throws: ``HTTPListenerError`` when the address cannot be bound, or what `body` throws.
    package func serve<Result: Sendable>(
        _ handle: @escaping @Sendable (HTTPServerRequest) async -> HTTPServerResponse,
        while body: (SocketAddress) async throws -> Result
    ) async throws -> Result {
        let (exchanges, arrivals) = AsyncStream<ServerExchange>.makeStream()
        let socket = try ListeningSocket(address)
        let daemon = try ServerDaemon(socket, limits: limits, arrivals: arrivals)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await answer(exchanges, with: handle) }
            group.addTask { await daemon.watch() }
            let result: Swift.Result<Result, any Error>
            do { result = .success(try await body(socket.address)) } catch { result = .failure(error) }
            daemon.stopAccepting()
            arrivals.finish()
            group.cancelAll()
            try await group.waitForAll()
            await daemon.stop()
            return try result.get()
        }
    }

    /// Answers each request in a task of its own until the sequence ends, then what is left in it, too: a request that
    /// is not answered would hold its connection for ever.
    private func answer(
        _ exchanges: AsyncStream<ServerExchange>,
        with handle: @escaping @Sendable (HTTPServerRequest) async -> HTTPServerResponse
    ) async {
        await withDiscardingTaskGroup { group in
            for await exchange in exchanges {
                group.addTask { exchange.respond(await response(to: exchange.request, handle)) }
            }
        }
    }

    private func response(
        to request: HTTPServerRequest,
        _ handle: @escaping @Sendable (HTTPServerRequest) async -> HTTPServerResponse
    ) async -> HTTPServerResponse {
        await withTaskGroup(of: HTTPServerResponse?.self) { group in
            group.addTask { await handle(request) }
            group.addTask {
                try? await Task.sleep(for: limits.total)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first ?? HTTPServerResponse(status: 503)
        }
    }
}

/// Why a listener cannot listen.
package enum HTTPListenerError: Error, Hashable {
    case addressInUse(SocketAddress)
    case notPossible(SocketAddress, reason: String)
}

extension HTTPListenerError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .addressInUse(let address): "\(address) is in use by another program"
        case .notPossible(let address, let reason): "cannot listen at \(address): \(reason)"
        }
    }
}
