import SurfaceKit

/// The next thing to do for a message that is owed.
enum DeliveryStep: Hashable, Sendable {
    case send(MessageContent)
    case edit(MessageID, MessageContent)
    case done

    /// Decides from what is known of the message.
    ///
    /// Where a repeated send makes a second message, no send of unknown outcome holds a whole answer: it opens with a
    /// few words, and an edit, which is harmless to repeat, commits the rest.
    static func next(for post: PostRecord, repetition: Capabilities.Repetition) -> DeliveryStep {
        guard let content = post.content ?? post.shown else { return .done }
        if let message = post.message { return post.shown == content ? .done : .edit(message, content) }
        return switch repetition {
        // An opening that may be there and is not to grow any more is left alone.
        case .duplicates where post.content == nil: .done
        // The messenger keeps what the first attempt held, whatever a second one holds: repeat just that.
        case .harmless: .send(post.shown ?? content)
        case .duplicates: .send(opening(of: content))
        }
    }

    private static func opening(of content: MessageContent) -> MessageContent {
        switch content {
        case .text(let text): .text(ReplyComposer.opening(of: text))
        case .file: .text(MessageText("…", format: .plain))
        }
    }
}
