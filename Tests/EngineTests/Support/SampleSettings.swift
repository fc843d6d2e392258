import AgentLink
import Settings
import SurfaceKit

@testable import Engine

extension HostSettings {
    /// Of a host with `agent` and no surface.
    static func sample(
        agent: any AgentApi = ScriptedAgent(),
        history: AgentSettings.History = .host,
        maxRuns: Int = 8
    ) -> HostSettings {
        HostSettings(
            agent: AgentSettings(
                api: agent,
                url: nil,
                history: history,
                transcript: TranscriptLimits(messages: 10, bytes: 10_000, fileBytes: 10_000),
                maxRuns: maxRuns
            ),
            attachments: AttachmentLimits(maxBytes: 100, maxCount: 2, keep: .seconds(3600)),
            language: .english,
            drain: .seconds(30),
            retention: .seconds(60),
            surfaces: []
        )
    }
}

extension IntakeRules {
    static func sample(
        _ surface: SurfaceID = "a",
        prefix: Character = "!",
        respond: SurfaceAccess.Respond = .mention,
        access: AccessPlan = AccessPlan(policy: .open, users: []),
        text: Capabilities.TextLimit = Capabilities.TextLimit(maximum: 1000) { $0.source.count }
    ) -> IntakeRules {
        IntakeRules(
            surface: surface,
            prefix: prefix,
            text: text,
            respond: respond,
            access: access,
            live: LiveSettings(.sample())
        )
    }
}

extension SurfaceSettings {
    static func sample(_ id: SurfaceID, isEnabled: Bool = true) -> SurfaceSettings {
        SurfaceSettings(
            id: id,
            kind: RecordingSurface.kind,
            isEnabled: isEnabled,
            access: AccessPlan(policy: .open, users: []),
            respond: .mention,
            streaming: .off,
            proxy: nil,
            fingerprint: "",
            connection: Connection()
        ) { _ in RecordingSurface() }
    }
}
