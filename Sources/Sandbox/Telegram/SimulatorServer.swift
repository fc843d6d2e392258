import HTTP

/// A simulated Telegram behind a real socket.
package struct SimulatorServer: Sendable {
    package let simulator: TelegramSimulator
    private let listener: HTTPListener

    package init(_ simulator: TelegramSimulator, address: SocketAddress = SocketAddress(host: "127.0.0.1", port: 0)) {
        self.simulator = simulator
        listener = HTTPListener(
            address: address,
            limits: HTTPListener.Limits(body: 64 << 20, total: .seconds(900))
        )
    }

    /// Serves for as long as `body` runs, which gets the server’s base URL.
    package func serve<Result: Sendable>(while body: @Sendable (String) async throws -> Result) async throws -> Result {
        let control = SimulatorControl(simulator)
        return try await listener.serve { [simulator] request in
            if request.path.hasPrefix("/control/") { return await control.answer(request) }
            guard let response = await simulator.answer(request) else { return .dropped }
            return response
        } while: { address in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await simulator.deliverToWebhook(by: HTTPClient()) }
                defer { group.cancelAll() }
                return try await body("http://\(address)")
            }
        }
    }
}
