import Basics
import SurfaceKit

/// One surface as the manifest has it.
package struct SurfaceSettings: Sendable {
    package let id: SurfaceID
    package let kind: SurfaceKind
    package let isEnabled: Bool
    package let access: AccessPlan
    package let respond: SurfaceAccess.Respond
    package let streaming: Streaming
    package let proxy: Secret?
    /// Changes when the entry means something else: its values, or the content of a secret or file that it names.
    package let fingerprint: String
    package let connection: Connection
    private let make: @Sendable (SurfaceContext) -> any Surface

    /// Where a surface connects to, and how its messenger reaches it.
    package struct Connection: Hashable, Sendable {
        /// The addresses of its servers.
        package let servers: [String]
        /// Path of a PEM file that is trusted beside the system’s authorities.
        package let trustedCertificates: String?
        /// Whether its messenger posts to the host, which needs a public address.
        package let needsWebhook: Bool

        package init(servers: [String] = [], trustedCertificates: String? = nil, needsWebhook: Bool = false) {
            self.servers = servers
            self.trustedCertificates = trustedCertificates
            self.needsWebhook = needsWebhook
        }
    }

    /// - Parameter make: Creates the surface; called only when it is enabled, since a disabled one may lack its secrets.
    package init(
        id: SurfaceID,
        kind: SurfaceKind,
        isEnabled: Bool,
        access: AccessPlan,
        respond: SurfaceAccess.Respond,
        streaming: Streaming,
        proxy: Secret?,
        fingerprint: String,
        connection: Connection,
        make: @escaping @Sendable (SurfaceContext) -> any Surface
    ) {
        self.id = id
        self.kind = kind
        self.isEnabled = isEnabled
        self.access = access
        self.respond = respond
        self.streaming = streaming
        self.proxy = proxy
        self.fingerprint = fingerprint
        self.connection = connection
        self.make = make
    }

    /// The surface itself; must not be asked of a disabled one.
    package func surface(in context: SurfaceContext) -> any Surface { make(context) }
}

/// Whether and how fast a reply grows.
package enum Streaming: Hashable, Sendable {
    case off
    /// With the operator’s wish for the time between edits.
    case auto(interval: Duration?)
}
