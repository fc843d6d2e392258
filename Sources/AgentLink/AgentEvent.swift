import Basics

/// What the agent says while it runs.
package enum AgentEvent: Hashable, Sendable {
    /// The run has begun: it must not be repeated. Once, before anything but ``ended(_:)``.
    case started
    /// More text, never empty, of the run’s `index`th assistant message, which the agent calls `message`.
    ///
    /// Messages are numbered from 0 in the order in which they first say something, without gaps: a new index is
    /// always the next one. An earlier message may go on after a later one has begun.
    case text(index: Int, message: String, delta: String)
    /// The agent works without speaking: a tool, reasoning, a step.
    case activity
    /// A file for the person.
    case attachment(AgentFile)
    /// A file for the person that cannot be read, or is one too many.
    case attachmentLost
    /// The last event, always and once: how the run ended.
    case ended(AgentOutcome)
}

/// How a run ended.
package struct AgentOutcome: Hashable, Sendable {
    package enum Ending: Hashable, Sendable {
        /// Finished; the text may be empty.
        case finished
        /// Finished, and waits for a confirmation that this program cannot give.
        case waitsForConfirmation
        /// The agent says that it was cancelled.
        case cancelled
        /// The agent reported an error. `code` is its short name for it, when it is one (`THREAD_BUSY`), for the log.
        case failed(code: String?)
        /// The stream ended without a terminal event.
        case truncated
        /// Nothing came for longer than the idle timeout, or the deadline passed.
        case timedOut
        /// The answer is larger than ``AgentLimits``.
        case tooLarge
    }

    package let ending: Ending
    /// The assistant’s messages of this run that say something, with the agent’s own identifiers, for the transcript;
    /// the `index`th of ``AgentEvent/text(index:message:delta:)``.
    ///
    /// After anything but ``Ending/finished`` the last may be cut.
    package let messages: [AgentMessage]

    /// What the agent waits to be told, when it waits for a confirmation and says for what.
    package let question: String?

    package init(ending: Ending, messages: [AgentMessage], question: String? = nil) {
        self.ending = ending
        self.messages = messages
        self.question = question
    }
}
