import Basics
import SurfaceKit

/// A message of the bot: what it is to hold, and what is known of it on the messenger.
package struct PostRecord: Hashable, Sendable {
    package enum State: Sendable, CaseIterable {
        /// Grows with a running turn; nothing is owed yet.
        case preview
        /// A draft of a running turn showed it: it is no message yet.
        case draft
        /// Must hold its content, exactly once.
        case due
        case delivered
        /// Given up, with a line in the log.
        case failed
        /// No longer wanted before it was sent: the person stopped the answer.
        case dropped
    }

    package let id: PostID
    package let conversation: ConversationID
    package let turn: TurnID?
    package let page: Int?
    package let replyTo: MessageID?
    package let state: State
    /// `nil` when the message is to stay as it is shown.
    package let content: MessageContent?
    /// What the messenger was last known to show.
    package let shown: MessageContent?
    /// The messenger’s identifier, once known.
    package let message: MessageID?
    /// Counts the messages that were made for this post: a new one when the old one is gone or takes no edit.
    package let generation: Int
    package let form: PostForm
    /// Whether it does no harm twice.
    package let isRepeatable: Bool
    /// Failures of the messenger in this form while it worked otherwise.
    package let attempts: Int
    package let dueAt: Timestamp?

    package init(
        id: PostID,
        conversation: ConversationID,
        turn: TurnID?,
        page: Int?,
        replyTo: MessageID?,
        state: State,
        content: MessageContent?,
        shown: MessageContent?,
        message: MessageID?,
        generation: Int,
        form: PostForm,
        isRepeatable: Bool,
        attempts: Int,
        dueAt: Timestamp?
    ) {
        self.id = id
        self.conversation = conversation
        self.turn = turn
        self.page = page
        self.replyTo = replyTo
        self.state = state
        self.content = content
        self.shown = shown
        self.message = message
        self.generation = generation
        self.form = form
        self.isRepeatable = isRepeatable
        self.attempts = attempts
        self.dueAt = dueAt
    }
}

/// The names of a post’s operations; the same for every attempt at one.
extension PostRecord {
    private var name: String { form == .whole ? "\(id).\(generation)" : "\(id).\(generation)-\(form.rawValue)" }

    /// The operation that makes the message.
    package var sendOperation: OperationID { OperationID("s\(name)") }

    /// The edit that makes the message hold its final content.
    package var finalOperation: OperationID { OperationID("f\(name)") }

    /// The `number`th edit of a growing message.
    package func previewOperation(_ number: Int) -> OperationID { OperationID("e\(name).\(number)") }
}

/// How a post is put into a message: each is taken when the messenger refuses the one before for good.
package enum PostForm: Int, Hashable, Sendable, CaseIterable {
    /// As it was written.
    case whole = 0
    /// Plain text instead of formatted, a document instead of a picture.
    case simple = 1
    /// A notice that it cannot be shown here.
    case notice = 2
}

/// A message that is about to be owed.
package struct NewPost: Sendable {
    package let conversation: ConversationID
    package let content: MessageContent
    package let turn: TurnID?
    /// Its place in the answer of `turn`; what a preview has shown of that page is edited, not repeated.
    package let page: Int?
    package let replyTo: MessageID?
    /// Whether it overtakes what waits: the reply to a command.
    package let isUrgent: Bool
    /// Whether it is a short text that does no harm twice; never an answer, a notice, a code or a question.
    package let isRepeatable: Bool

    package init(
        _ content: MessageContent,
        in conversation: ConversationID,
        turn: TurnID? = nil,
        page: Int? = nil,
        replyTo: MessageID? = nil,
        isUrgent: Bool = false,
        isRepeatable: Bool = false
    ) {
        self.conversation = conversation
        self.content = content
        self.turn = turn
        self.page = page
        self.replyTo = replyTo
        self.isUrgent = isUrgent
        self.isRepeatable = isRepeatable
    }
}
