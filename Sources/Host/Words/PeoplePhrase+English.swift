import State
import SurfaceKit

extension PeoplePhrase {
    package func english(_ p: String) -> String {
        switch self {
        case .pairingCode(let code):
            """
            I do not know you yet. Give this code to the person who runs this bot: \(code)

            It is good for one hour. Nothing that you write before is kept.
            """
        case .pairingApproved: "You are let in. Write to me, and I answer."
        case .linkCode(let code):
            """
            Within 10 minutes, write to me in a private chat on your other messenger:

            \(p)link \(code)

            Tell this code to nobody.
            """
        case .linkOffered(let name, let account):
            """
            This code leads to the account \(name.shortened) (\(account.person.rawValue.shortened)) on \(account.surface). If that is you, write \
            \(p)link yes: both accounts then see the same conversations. If not, do nothing.
            """
        case .linked(let name, let account):
            """
            Linked with \(name.shortened) (\(account.person.rawValue.shortened)) on \(account.surface): both see the same conversations now. \
            \(p)contexts lists them, \(p)unlink undoes it.
            """
        case .linkedFromElsewhere(let name, let account):
            "Linked with \(name.shortened) (\(account.person.rawValue.shortened)) on \(account.surface): both see the same conversations now."
        case .linkedAlready: "This code is your own. Type it in a private chat with me on your other messenger."
        case .linkCodeUnknown:
            "This code is not known, or no longer good. \(p)link on the other messenger gives a new one."
        case .linkGuessedTooOften: "Too many wrong codes. Please try again in an hour."
        case .linkOnlyInPrivate: "This works in a private chat with me only."
        case .nothingToLink: "There is nothing to confirm. \(p)link gives a code for your other messenger."
        case .unlinked: "Unlinked. Each account keeps the conversations that were begun on it."
        case .notLinked: "This account is not linked with another one. \(p)link gives a code."
        }
    }
}
