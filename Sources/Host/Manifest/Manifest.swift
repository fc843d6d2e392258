import AgentLink
import Basics
import HTTP
import SurfaceKit

/// What `surfaces.json` asks for, sound and complete: every fallback filled in, every secret read.
struct Manifest: Sendable {
    /// Absolute path of the file.
    let path: String
    let agent: AgentPlan
    let state: StatePlan
    let attachments: AttachmentLimits
    /// Where the admin listener listens.
    let adminAddress: SocketAddress
    let webhooks: WebhookPlan
    let language: Language
    /// How long running turns may go on when the program is told to stop.
    let drain: Duration
    /// In the order of the file, disabled ones too.
    let surfaces: [SurfacePlan]
}

/// The agent and how its conversations are kept.
struct AgentPlan: Hashable, Sendable {
    /// What gave the agent’s address.
    enum AddressSource: String, Hashable, Sendable {
        case manifest = "agent.baseURL"
        case baseURLVariable = "AGENT_BASE_URL"
        /// Deprecated: the address was derived.
        case webSocketVariable = "AGENT_WS_URL"
    }

    let configuration: AgentConfiguration
    let addressSource: AddressSource
    let history: AgentSettings.History
    let transcript: TranscriptLimits
}

/// What is kept on disk.
struct StatePlan: Hashable, Sendable {
    /// Absolute path of the folder, which may not exist yet.
    let path: String
    let retention: Duration

    /// Path of the database.
    var database: String { "\(path)/surfaces.db" }
}

/// The listener that messengers call.
struct WebhookPlan: Hashable, Sendable {
    let address: SocketAddress
    /// Without a slash at its end.
    let publicURL: String?
}
