import Basics
import State
import SurfaceKit

/// Where a message of a person went, for the log.
package struct AcceptedMessage: Hashable, Sendable {
    package let event: EventID
    package let conversation: ConversationID
    /// Set for a question.
    package var context: ContextID?
    package var turn: TurnID?

    var fields: Log.Fields {
        guard let context, let turn else { return ["event": event, "conversation": conversation] }
        return ["event": event, "conversation": conversation, "context": context, "turn": turn]
    }
}
