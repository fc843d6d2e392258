import HTTP

/// A simulated homeserver behind a real socket.
///
/// Serving it again after it has stopped is a restart: the simulator keeps everything, and clients go on where they were.
package struct MatrixSimulatorServer: Sendable {
    package let simulator: MatrixSimulator
    private let listener: HTTPListener

    package init(
        _ simulator: MatrixSimulator,
        address: SocketAddress = SocketAddress(host: "127.0.0.1", port: 0)
    ) {
        self.simulator = simulator
        listener = HTTPListener(
            address: address,
            limits: HTTPListener.Limits(body: 128 << 20, total: .seconds(900), idle: .seconds(300))
        )
    }

    /// Serves for as long as `body` runs, which gets the server’s base URL.
    package func serve<Result: Sendable>(while body: @Sendable (String) async throws -> Result) async throws -> Result {
        let control = MatrixSimulatorControl(simulator)
        return try await listener.serve { [simulator] request in
            if request.path.hasPrefix("/control/") { return await control.answer(request) }
            return await simulator.answer(request) ?? .dropped
        } while: { address in
            try await body("http://\(address)")
        }
    }
}
