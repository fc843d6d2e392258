import Basics
import SurfaceKit

/// One question and what became of it.
package struct TurnRecord: Hashable, Sendable {
    package enum State: Sendable, CaseIterable {
        /// The agent has received nothing of it.
        case waiting
        /// The agent may have acted on it: it is never asked again by itself.
        case sent
        case ended
    }

    /// How a turn ended.
    package enum Ending: String, Sendable, CaseIterable {
        case answered, empty, waitsForConfirmation, agentCancelled
        case failed, truncated, timedOut, tooLarge
        case unreachable, refused, filesUnavailable
        case stopped, withdrawn, cut, gone
    }

    package let id: TurnID
    package let conversation: ConversationID
    package let context: ContextID
    package let message: MessageID
    package let sender: PersonID
    package let question: Question
    package let state: State
    package let acceptedAt: Timestamp
    /// First attempt to reach the agent.
    package let triedAt: Timestamp?
    package let attempts: Int
    package let sentAt: Timestamp?
    package let textAt: Timestamp?
    package let endedAt: Timestamp?
    package let ending: Ending?
    /// What the agent calls its answer; known once some of it was shown.
    package let answer: String?
}

/// What a person asked, with everything that goes with it.
package struct Question: Hashable, Sendable {
    package var text: String
    package var files: [InboundFile]
    package var quote: QuotedMessage?
    /// Set in groups, where the agent must know who speaks.
    package var speaker: String?

    package init(text: String, files: [InboundFile], quote: QuotedMessage? = nil, speaker: String? = nil) {
        self.text = text
        self.files = files
        self.quote = quote
        self.speaker = speaker
    }
}
