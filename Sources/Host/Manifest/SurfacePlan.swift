import Basics
import SurfaceKit

/// One entry of the manifest’s `surfaces`.
struct SurfacePlan: Sendable {
    let id: SurfaceID
    let kind: SurfaceKind
    let isEnabled: Bool
    let access: AccessPlan
    let respond: SurfaceAccess.Respond
    let streaming: SurfaceSetup.Streaming
    let proxy: Secret?
    /// Changes when the entry means something else: its values, or the content of a secret or file that it names.
    let fingerprint: String

    let options: OptionValues
    let entry: SurfaceCatalog.Entry

    /// Whether its messenger posts to the host, which needs a public address.
    var needsWebhook: Bool { entry.needsWebhook(options) }

    /// Creates the surface; only for an enabled one, since a disabled one may lack its secrets.
    func make(_ context: SurfaceContext) -> any Surface { entry.make(options, context) }
}

/// Who may talk to the agent on a surface.
struct AccessPlan: Hashable, Sendable {
    enum Policy: String, Hashable, Sendable, CaseIterable {
        /// `users`, and who was approved by an operator.
        case pairing
        /// Only `users`.
        case allowlist
        /// Anyone.
        case open
    }

    let policy: Policy
    let users: [PersonID]
}
