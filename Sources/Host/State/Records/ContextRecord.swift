import Basics
import SurfaceKit

/// What the agent remembers under one platform chat id.
package struct ContextRecord: Hashable, Sendable {
    /// The platform chat id.
    package let id: ContextID
    package let owner: ContextOwner
    /// Who owned it when it began; the same as ``owner`` unless accounts are linked.
    package let origin: ContextOwner
    package let name: String?
    /// The surface on which it began.
    package let surface: SurfaceID
    package let createdAt: Timestamp
}

/// Who may see, load and delete a context: a person, or in a group the group.
package struct ContextOwner: Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }

    package static func person(_ person: PersonID, on surface: SurfaceID) -> ContextOwner {
        ContextOwner(.person, "\(surface):\(person)")
    }

    package static func group(_ chat: ChatID, on surface: SurfaceID) -> ContextOwner {
        ContextOwner(.group, "\(surface):\(chat)")
    }
}
