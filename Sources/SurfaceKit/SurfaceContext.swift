import Basics

/// What the host lends a surface.
package struct SurfaceContext: Sendable {
    package let id: SurfaceID
    package let log: Log
    /// The time and chance to use.
    package let system: any System
    package let state: any SurfaceState
    package let access: SurfaceAccess
    /// Address of a proxy for every connection of this surface.
    package let proxy: Secret?
    /// Where the messenger can post; `nil` when the manifest gives the messengers no address.
    package let webhook: WebhookRoute?

    package init(
        id: SurfaceID,
        log: Log,
        system: any System,
        state: any SurfaceState,
        access: SurfaceAccess,
        proxy: Secret?,
        webhook: WebhookRoute? = nil
    ) {
        self.id = id
        self.log = log
        self.system = system
        self.state = state
        self.access = access
        self.proxy = proxy
        self.webhook = webhook
    }
}

/// Who may talk to the agent on a surface, and when a group is answered.
///
/// The host enforces it; a surface asks only where it must decide before an event exists: to follow an invitation, to
/// fetch something.
package struct SurfaceAccess: Sendable {
    /// When a message in a group is for the bot.
    package enum Respond: String, Sendable, CaseIterable {
        case mention, always, never
    }

    package let respond: Respond
    /// How long a stranger’s private chat is kept open for pairing; `nil` when strangers are not met.
    package let strangersStay: Duration?
    private let allows: @Sendable (PersonID) async -> Bool

    package init(
        respond: Respond,
        strangersStay: Duration? = nil,
        allows: @escaping @Sendable (PersonID) async -> Bool
    ) {
        self.respond = respond
        self.strangersStay = strangersStay
        self.allows = allows
    }

    /// Whether `person` has access now.
    package func admits(_ person: PersonID) async -> Bool { await allows(person) }
}
