/// How the simulated homeserver behaves; each can be changed while it runs.
package struct MatrixSimulatorSettings: Sendable {
    /// How often something may be done; what is unused gathers up to the burst.
    package struct Limit: Hashable, Sendable {
        package let burst: Int
        package let perSecond: Double

        package init(burst: Int, perSecond: Double) {
            self.burst = burst
            self.perSecond = perSecond
        }
    }

    /// The limits, in the words of Synapse’s configuration; `nil` is none.
    package struct Limits: Hashable, Sendable {
        package var message: Limit?
        package var joins: Limit?
        package var roomCreation: Limit?
        package var invitesPerIssuer: Limit?
        package var invitesPerRoom: Limit?
        package var invitesPerUser: Limit?
        package var loginAddress: Limit?
        package var loginAccount: Limit?
        package var failedLogins: Limit?

        /// What Synapse 1.163 has unless told otherwise.
        package static let synapse = Limits(
            message: Limit(burst: 10, perSecond: 0.2),
            joins: Limit(burst: 10, perSecond: 0.1),
            roomCreation: Limit(burst: 10, perSecond: 0.016),
            invitesPerIssuer: Limit(burst: 10, perSecond: 0.3),
            invitesPerRoom: Limit(burst: 10, perSecond: 0.3),
            invitesPerUser: Limit(burst: 5, perSecond: 0.003),
            loginAddress: Limit(burst: 5, perSecond: 0.003),
            loginAccount: Limit(burst: 5, perSecond: 0.003),
            failedLogins: Limit(burst: 3, perSecond: 0.17)
        )

        package static let none = Limits()
    }

    package var limits = Limits.synapse
    /// How long the answer that something was too often is held back.
    package var refusalDelay = Duration.milliseconds(500)
    /// How long an access token is good, after which its session ends softly; `nil` is for ever.
    package var tokenLasts: Duration?
    /// Largest upload, in bytes; the connection of a larger one is cut.
    package var uploadLimit = 50 << 20
    /// How long the answer to a sync is kept for who asks the same again.
    package var keepsAnswers = Duration.seconds(120)
    /// Whether people can log in with a password.
    package var takesPasswords = true
    /// What proves that somebody may register accounts, as in Synapse’s configuration.
    package var registrationSecret = "registration-secret-of-the-simulator"

    package init() {}
}

/// A request that the simulator answered.
package struct MatrixSimulatedCall: Sendable {
    /// The name of what was asked for, as faults know it, for example `sync`, `send` or `upload`.
    package let endpoint: String
    package let method: String
    package let path: String
    package let user: String
    package let body: String
    /// The status of the answer; 0 when the connection was ended without one.
    package let status: Int
    package let at: ContinuousClock.Instant
}
