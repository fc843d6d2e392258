import Basics

/// Somebody with an account on the simulated homeserver, as it keeps it.
struct SimulatedAccount: Sendable {
    /// What an account keeps for its clients.
    struct Datum: Sendable {
        let content: JSONObject
        /// When it was set, in the stream of everything that is no event of a room.
        let position: Int
    }

    /// How an administrator changed what an account may send; `nil` in a member is as good as none.
    struct RateOverride: Sendable, Hashable {
        let perSecond: Int64
        let burst: Int64
    }

    let id: String
    let isAdmin: Bool
    var password: String
    var displayName: String?
    /// The names that people see for the devices, by identifier.
    var devices: [String: String?] = [:]
    var filters: [JSONObject] = []
    var data: [String: Datum] = [:]
    /// By room, then by type.
    var roomData: [String: [String: Datum]] = [:]
    var rateOverride: RateOverride?
    /// Rooms that it does not want to hear of any more.
    var forgotten: Set<String> = []

    /// What stands before the colon, without `@`.
    var name: String { String(id.dropFirst().prefix { $0 != ":" }) }
}

/// What proves that a client belongs to an account.
struct SimulatedToken: Sendable {
    let user: String
    let device: String
    /// After that the session has ended softly.
    var expires: ContinuousClock.Instant?
}

/// An account as who uses it knows it.
package struct SimulatedPerson: Hashable, Sendable {
    /// `@name:localhost`.
    package let id: String
    package let displayName: String
    package let password: String
    package let token: String
    package let device: String

    /// What stands before the colon, without `@`.
    package var name: String { String(id.dropFirst().prefix { $0 != ":" }) }
}
