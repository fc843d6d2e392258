import Basics
import SurfaceKit

/// One surface as the manifest wants it.
struct SurfaceSetup: Sendable {
    let id: SurfaceID
    let kind: SurfaceKind
    let enabled: Bool
    /// The same while nothing about the surface changed in the manifest.
    let fingerprint: String
    let respond: SurfaceAccess.Respond
    let access: AccessPlan
    let streaming: Streaming
    let proxy: Secret?
    /// Whether its messenger posts to the host.
    let needsWebhook: Bool
    let make: @Sendable (SurfaceContext) -> any Surface

    /// Whether and how fast a reply grows.
    enum Streaming: Hashable, Sendable {
        case off
        /// With the operator’s wish for the time between edits.
        case auto(interval: Duration?)
    }
}
