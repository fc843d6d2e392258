import Basics
import SurfaceKit

/// An account of a person on one surface.
package struct Account: Hashable, Sendable {
    package let surface: SurfaceID
    package let person: PersonID

    package init(surface: SurfaceID, person: PersonID) {
        self.surface = surface
        self.person = person
    }
}

/// A code that was given to one account, or one that another account has typed.
package struct LinkRecord: Hashable, Sendable {
    /// How long a code, and the question that follows it, can be answered.
    package static let lasts = Duration.seconds(600)
    /// Wrong codes of one account in an hour; then none of it counts any more.
    package static let mostGuesses = 5
    package static let memory = Duration.seconds(3600)

    /// The account that the code was given to.
    package let giver: Account
    package let name: String
    /// Its private chat.
    package let conversation: ConversationID
}

extension Account {
    /// The owner that an account is while it is linked to none.
    package var alone: ContextOwner { .person(person, on: surface) }
}
