import Settings
import SurfaceKit

/// What the host knows of itself at one moment without asking its store.
package struct HostGlance: Sendable {
    package struct Surface: Sendable {
        package let settings: SurfaceSettings
        package let health: SurfaceHealth.Snapshot

        package init(settings: SurfaceSettings, health: SurfaceHealth.Snapshot) {
            self.settings = settings
            self.health = health
        }
    }

    package let version: String
    package let uptime: Duration
    package let agent: (state: AgentHealth.State, reason: String?)
    /// In the order of the manifest.
    package let surfaces: [Surface]

    package init(
        version: String,
        uptime: Duration,
        agent: (state: AgentHealth.State, reason: String?),
        surfaces: [Surface]
    ) {
        self.version = version
        self.uptime = uptime
        self.agent = agent
        self.surfaces = surfaces
    }
}
