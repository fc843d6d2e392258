import AgentLink
import Basics
import HTTP
import Settings
import SurfaceKit

/// What `surfaces.json` asks for, sound and complete: every fallback filled in, every secret read.
package struct Manifest: Sendable {
    /// Absolute path of the file.
    package let path: String
    package let agent: AgentPlan
    package let state: StatePlan
    package let attachments: AttachmentLimits
    /// Where the admin listener listens.
    package let adminAddress: SocketAddress
    package let webhooks: WebhookPlan
    package let language: Language
    /// How long running turns may go on when the program is told to stop.
    package let drain: Duration
    /// In the order of the file, disabled ones too.
    package let surfaces: [SurfaceSettings]
}

/// The agent and how its conversations are kept.
package struct AgentPlan: Hashable, Sendable {
    /// What gave the agent’s address.
    package enum AddressSource: String, Hashable, Sendable {
        case manifest = "agent.baseURL"
        case baseURLVariable = "AGENT_BASE_URL"
        /// Deprecated: the address was derived.
        case webSocketVariable = "AGENT_WS_URL"
    }

    package let configuration: AgentConfiguration
    package let addressSource: AddressSource
    package let history: AgentSettings.History
    package let transcript: TranscriptLimits
    package let maxRuns: Int
}

/// What is kept on disk.
package struct StatePlan: Hashable, Sendable {
    /// Absolute path of the folder, which may not exist yet.
    package let path: String
    package let retention: Duration

    /// Path of the database.
    package var database: String { "\(path)/surfaces.db" }
}

/// The listener that messengers call.
package struct WebhookPlan: Hashable, Sendable {
    package let address: SocketAddress
    /// Without a slash at its end.
    package let publicURL: String?
}
