import Basics

/// The manifest of the playground’s host, and the variables that it names.
struct PlaygroundManifest: Sendable {
    let text: String
    let variables: [String: String]

    /// - Parameter agentURL: Where the agent is posted to.
    init(surfaces: [(id: String, surface: PlaygroundSurface)], agentURL: String) {
        let entries = surfaces.map { id, surface -> JSONValue in
            [
                "id": .string(id), "kind": .string(surface.kind), "access": ["policy": "open"],
                "options": surface.options,
            ]
        }
        let manifest: JSONValue = [
            "version": 1,
            "state": ["path": "state"],
            // Each at a port that is free: several playgrounds may run beside each other.
            "http": ["listen": "127.0.0.1:0"],
            "webhooks": ["listen": "127.0.0.1:0"],
            "surfaces": .array(entries),
        ]
        text = manifest.text
        variables = surfaces.reduce(into: ["AGENT_BASE_URL": agentURL]) { $0.merge($1.surface.secrets) { $1 } }
    }
}
