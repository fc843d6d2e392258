import Settings
import SurfaceKit

/// Everything that the host says to people in its own words.
///
/// Each language answers every case in one exhaustive switch: a missing text does not compile.
package enum Phrase: Hashable, Sendable {
    // MARK: Commands

    case greeting
    case help
    case newContext(number: Int64)
    case contextDescription(ContextFacts)
    /// The person’s contexts, the one used last first, in the order of their positions.
    ///
    /// `more`: How many are not listed.
    case contextList([ContextLine], more: Int)
    case contextNamed(String)
    case contextLoaded(ContextName)
    case contextIsCurrent(ContextName)
    case contextDeleted(ContextName)
    case contextReset(number: Int64)
    case noSuchContext(String)
    case nameTaken(String)
    case nameUnfit
    /// A command that needs a word after it came without one.
    case argumentMissing(ChatCommand)
    case nothingToStop
    /// The rest of an answer is not sent any more.
    case restDropped(messages: Int)
    case stoppedSilently
    case nothingToRetry
    case stillAnswering
    case whyNothing
    case why(TurnStory)

    case filesStaged(count: Int)
    /// The names of the staged files, in order.
    case fileList([String])
    case filesRemoved(count: Int)
    case noSuchFile
    case people(PeoplePhrase)
    case notice(Notice)

    /// Whether it does no harm when it appears twice after a lost connection.
    package var isHarmlessTwice: Bool {
        switch self {
        case .notice, .people: false
        default: true
        }
    }

    /// The text in `language`, naming commands with `prefix`.
    ///
    /// Notices begin with `⚠️`.
    package func text(in language: Language, prefix: Character) -> String {
        switch language {
        case .english: english(String(prefix))
        case .russian: russian(String(prefix))
        }
    }
}

extension Phrase {
    /// Lines that a list has at most.
    package static let longestList = 50

    /// The first few of `names`, each shortened, and how many more there are.
    static func list(_ names: [String]) -> String {
        let shown = names.prefix(5).map(\.shortened).joined(separator: ", ")
        return names.count > 5 ? "\(shown), +\(names.count - 5)" : shown
    }

    /// `lines` by their positions, and in the end what `rest` says of the number of those that are left out.
    static func numbered(_ lines: [String], more: Int = 0, rest: (Int) -> String) -> String {
        let shown = lines.prefix(longestList).enumerated().map { "\($0 + 1). \($1)" }
        let left = more + lines.count - shown.count
        return (left > 0 ? shown + [rest(left)] : shown).joined(separator: "\n")
    }
}

extension String {
    /// At most 64 characters: what people typed is echoed no longer than that.
    var shortened: String { count <= 64 ? self : prefix(63) + "…" }
}

/// What the host says when something went wrong: a message of its own that says what to do.
package enum Notice: Hashable, Sendable {
    case tooManyFiles(limit: Int)
    /// `limit` in bytes.
    case fileTooLarge(name: String, limit: Int)
    case fileUnavailable(name: String)
    case encryptedRoom
    case agentUnreachable
    case agentRefusesCredentials
    case agentNotFound
    case agentFailed
    case agentCutOff
    case agentTimedOut
    case agentSilent
    case agentCancelled
    /// `question`: what the agent waits to be told, in its own words.
    case agentWaitsForConfirmation(question: String?)
    /// A filter of what may be said stopped the answer.
    case agentWithheld
    case answerTooLarge
    case attachmentUndeliverable
    case hostRestarted
    /// A message that the host cannot handle.
    case messageSetAside
    /// A message that the messenger takes in no form.
    case messageRefused
    /// Something could not be delivered for so long that it was given up.
    case messagesLost
    /// What the state held for this chat cannot be read.
    case stateDamaged
    /// The agent was asked without these files.
    case filesMissing(names: [String])
}

/// How people call a context: by its name, else by its number.
package struct ContextName: Hashable, Sendable {
    package let number: Int64
    package let name: String?

    package init(number: Int64, name: String?) {
        self.number = number
        self.name = name
    }
}

/// One line of the list that `contexts` gives.
package struct ContextLine: Hashable, Sendable {
    package let context: ContextName
    /// Messages that the agent is shown.
    package let messages: Int
    package let isCurrent: Bool

    package init(context: ContextName, messages: Int, isCurrent: Bool) {
        self.context = context
        self.messages = messages
        self.isCurrent = isCurrent
    }
}

/// What `context` tells of a context.
package struct ContextFacts: Hashable, Sendable {
    package let number: Int64
    package let name: String?
    /// Messages that the agent is shown.
    package let messages: Int
    /// Their size in bytes.
    package let bytes: Int
    /// Where it began.
    package let surface: String
    /// Chats that are on it.
    package let chats: Int

    package init(number: Int64, name: String?, messages: Int, bytes: Int, surface: String, chats: Int) {
        self.number = number
        self.name = name
        self.messages = messages
        self.bytes = bytes
        self.surface = surface
        self.chats = chats
    }
}
