import AgentLink
import Basics
import Engine
import Manifest
import Settings

extension HostSettings {
    /// What a manifest sets that may change while the host runs.
    init(_ manifest: Manifest, log: Log) {
        self.init(
            agent: AgentSettings(
                api: DirectAgent(manifest.agent.configuration, log: log),
                url: manifest.agent.configuration.url,
                history: manifest.agent.history,
                transcript: manifest.agent.transcript,
                maxRuns: manifest.agent.maxRuns
            ),
            attachments: manifest.attachments,
            language: manifest.language,
            drain: manifest.drain,
            retention: manifest.state.retention,
            surfaces: manifest.surfaces
        )
    }
}
