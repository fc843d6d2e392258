import Settings

/// What a manifest that is to be written should say.
struct InitRequest: Hashable, Sendable {
    /// The messengers, in this order.
    var kinds: [String] = []
    /// Addresses by key, each for whichever messenger needs it.
    var addresses: [String: String] = [:]
    /// `nil` is the one that is safe for everybody.
    var policy: AccessPlan.Policy?
    /// Accounts by kind.
    var users: [String: [String]] = [:]
    /// Values by kind and key; of a secret the name of its variable.
    var options: [String: [String: String]] = [:]
    var agentVariable: String?
    var output: String
    /// Whether a file that exists may be replaced.
    var replaces = false

    init(output: String) { self.output = output }
}
