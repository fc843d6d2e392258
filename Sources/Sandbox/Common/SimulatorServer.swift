import HTTP

/// A messenger that lives in this process.
package protocol SimulatedMessenger: Sendable {
    /// Answers a request of a bot; `nil` closes the connection instead.
    func answer(_ request: HTTPServerRequest) async -> HTTPServerResponse?

    /// Answers `POST /control/VERB`, by which another process acts as the people.
    func control(_ request: HTTPServerRequest) async -> HTTPServerResponse

    /// Posts updates to where the bot wants them, until cancelled.
    func deliverToWebhook(by http: HTTPClient) async

    /// Learns the base URL under which it is served.
    func serve(at address: String) async
}

/// A simulated messenger behind a real socket.
package struct SimulatorServer<Simulator: SimulatedMessenger>: Sendable {
    package let simulator: Simulator
    private let listener: HTTPListener

    package init(_ simulator: Simulator, address: SocketAddress = SocketAddress(host: "127.0.0.1", port: 0)) {
        self.simulator = simulator
        listener = HTTPListener(
            address: address,
            limits: HTTPListener.Limits(body: 64 << 20, total: .seconds(900))
        )
    }

    /// Serves for as long as `body` runs, which gets the server’s base URL.
    package func serve<Result: Sendable>(while body: @Sendable (String) async throws -> Result) async throws -> Result {
        try await listener.serve { [simulator] request in
            if request.path.hasPrefix("/control/") { return await simulator.control(request) }
            guard let response = await simulator.answer(request) else { return .dropped }
            return response
        } while: { address in
            await simulator.serve(at: "http://\(address)")
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await simulator.deliverToWebhook(by: HTTPClient()) }
                defer { group.cancelAll() }
                return try await body("http://\(address)")
            }
        }
    }
}
