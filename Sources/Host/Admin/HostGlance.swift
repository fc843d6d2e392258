import SurfaceKit

/// What the host knows of itself at one moment without asking its store.
struct HostGlance: Sendable {
    struct Surface: Sendable {
        /// As the manifest has it.
        let setup: SurfaceSetup
        let health: SurfaceHealth.Snapshot
    }

    let version: String
    let uptime: Duration
    let agent: (state: AgentHealth.State, reason: String?)
    /// In the order of the manifest.
    let surfaces: [Surface]
    let turnsRunning: Int
}
