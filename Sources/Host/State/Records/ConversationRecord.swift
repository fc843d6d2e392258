import SurfaceKit

/// A place where the bot is spoken to: a chat of a surface, or one thread of it.
package struct ConversationRecord: Hashable, Sendable {
    package let id: ConversationID
    package let surface: SurfaceID
    package let address: ConversationAddress
    package let kind: ChatKind
    /// The context that a next message belongs to.
    package let context: ContextID?
    /// BCP 47, as the messenger told it last.
    package let language: String?
    package let toldUnreadable: Bool
    /// Whether something was given up here that nobody has been told of yet.
    package let hasUndelivered: Bool
}
