/// What can change while the host runs.
package struct HostSettings: Sendable {
    package var agent: AgentSettings
    package var attachments: AttachmentLimits
    package var language: Language
    /// How long running turns may go on when the host is told to stop.
    package var drain: Duration
    /// How long what has ended is remembered.
    package var retention: Duration
    /// In the order of the manifest, disabled ones too.
    package var surfaces: [SurfaceSettings]

    package init(
        agent: AgentSettings,
        attachments: AttachmentLimits,
        language: Language,
        drain: Duration,
        retention: Duration,
        surfaces: [SurfaceSettings]
    ) {
        self.agent = agent
        self.attachments = attachments
        self.language = language
        self.drain = drain
        self.retention = retention
        self.surfaces = surfaces
    }
}
