import Basics
import FoundationEssentials
import HTTP

/// Simulated messengers, an agent and a host in one process, with a web page to talk to them.
package struct Playground: Sendable {
    private let messengers: [any PlaygroundMessenger]
    private let agent: AgentServer
    private let address: SocketAddress
    private let board = PlaygroundBoard()

    /// - Parameter port: Of the page; 0 lets the system choose.
    package init(messengers: [any PlaygroundMessenger], agent: AgentServer, port: UInt16) {
        self.messengers = messengers
        self.agent = agent
        address = SocketAddress(host: "127.0.0.1", port: port)
    }

    /// Runs until cancelled.
    ///
    /// - Parameters:
    ///   - folder: An empty folder, for the manifest and the host’s state.
    ///   - log: The host’s log is shown on the page, too.
    ///   - makeHost: Gets the path of the manifest and the variables that it needs.
    ///   - announce: Gets the page’s address once it answers.
    /// - Throws: `HTTPListenerError` when the port is taken.
    package func run(
        in folder: String,
        makeHost: @escaping @Sendable (_ manifest: String, _ variables: [String: String]) -> any PlaygroundHost,
        announce: @escaping @Sendable (String) -> Void
    ) async throws {
        for messenger in messengers { board.set("messenger/\(messenger.id)", messenger.json) }
        board.set("agent", ["url": agent.realURL.map { .string($0) } ?? .null])
        board.set("order", .array(messengers.map { .string($0.id) }))
        try await agent.serve { [self] agentURL in
            try await serve(messengers[...], []) { [self] surfaces in
                let manifest = PlaygroundManifest(surfaces: surfaces, agentURL: agentURL)
                let path = "\(folder)/surfaces.json"
                try Data(manifest.text.utf8).write(to: URL(filePath: path))
                try await show(HostKeeper(makeHost(path, manifest.variables)), announce)
            }
        }
    }

    /// Serves the messengers, each within the one before.
    private func serve(
        _ rest: ArraySlice<any PlaygroundMessenger>,
        _ surfaces: [(id: String, surface: PlaygroundSurface)],
        _ body: @escaping @Sendable ([(id: String, surface: PlaygroundSurface)]) async throws -> Void
    ) async throws {
        guard let first = rest.first else { return try await body(surfaces) }
        try await first.serve { surface in
            try await serve(rest.dropFirst(), surfaces + [(first.id, surface)], body)
        }
    }

    private func show(_ keeper: HostKeeper, _ announce: @escaping @Sendable (String) -> Void) async throws {
        let server = PlaygroundServer(messengers: messengers, agent: agent, host: keeper, board: board)
        let listener = HTTPListener(
            address: address,
            limits: HTTPListener.Limits(body: 40 << 20, connections: 64)
        )
        try await listener.serve({ await server.answer($0) }) { bound in
            announce("http://\(bound)/")
            await withDiscardingTaskGroup { group in
                group.addTask { await keeper.run() }
                group.addTask { [board] in await PlaygroundWatch(board: board).follow(keeper) }
                group.addTask { [board, journal = agent.journal] in await PlaygroundWatch(board: board).follow(journal)
                }
                for messenger in messengers {
                    group.addTask { [board] in await PlaygroundWatch(board: board).follow(messenger) }
                }
            }
        }
    }
}
