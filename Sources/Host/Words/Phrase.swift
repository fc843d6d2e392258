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
    /// The person’s contexts, newest first.
    case contextList([ContextLine])
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
    case agentWaitsForConfirmation
    case answerTooLarge
    case attachmentUndeliverable
    case hostRestarted
    /// A message that the host cannot handle.
    case messageSetAside
}

/// How people call a context: by its name, else by its number.
package struct ContextName: Hashable, Sendable {
    package let number: Int64
    package let name: String?
}

/// One line of the list that `contexts` gives.
package struct ContextLine: Hashable, Sendable {
    package let context: ContextName
    /// Messages that the agent is shown.
    package let messages: Int
    package let isCurrent: Bool
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
}
