import State

/// What the host says about who somebody is: when a stranger comes, and when accounts become one person.
package enum PeoplePhrase: Hashable, Sendable {
    /// To a stranger: the code to be let in with.
    case pairingCode(String)
    case pairingApproved
    case linkCode(String)
    /// Whose account a code leads to.
    case linkOffered(name: String, account: Account)
    case linked(name: String, account: Account)
    /// To the account that gave the code; it may be on another messenger, so no command is named.
    case linkedFromElsewhere(name: String, account: Account)
    case linkedAlready
    case linkCodeUnknown
    case linkGuessedTooOften
    case linkOnlyInPrivate
    case nothingToLink
    case unlinked
    case notLinked
}
