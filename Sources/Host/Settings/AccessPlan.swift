import SurfaceKit

/// Who may talk to the agent on a surface.
package struct AccessPlan: Hashable, Sendable {
    package enum Policy: String, Hashable, Sendable, CaseIterable {
        /// `users`, and who was approved by an operator.
        case pairing
        /// Only `users`.
        case allowlist
        /// Anyone.
        case open
    }

    package let policy: Policy
    package let users: [PersonID]

    package init(policy: Policy, users: [PersonID]) {
        self.policy = policy
        self.users = users
    }
}
