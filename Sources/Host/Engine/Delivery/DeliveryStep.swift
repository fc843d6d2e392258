import Replies
import State
import SurfaceKit

/// The next thing to do for a message that is owed.
enum DeliveryStep: Hashable, Sendable {
    case send(MessageContent)
    case edit(MessageID, MessageContent)
    case done

    /// Decides from what is known of the message.
    ///
    /// Where a repeated send makes a second message, no send of unknown outcome holds a whole answer: it opens with a
    /// few words, and an edit, which is harmless to repeat, commits the rest. A short text that is harmless twice goes in
    /// one send, and so does what could not be committed by edits.
    ///
    /// - Parameter content: What the message is to hold in its form.
    static func next(
        for post: PostRecord,
        holding content: MessageContent?,
        repetition: Capabilities.Repetition
    ) -> DeliveryStep {
        guard let content else { return .done }
        if let message = post.message { return post.shown == content ? .done : .edit(message, content) }
        return switch repetition {
        // The messenger keeps what the first attempt held, whatever a second one holds: repeat just that.
        case .harmless: .send(post.shown ?? content)
        // An opening that may be there and is not to grow any more is left alone.
        case .duplicates where post.content == nil && post.form == .whole: .done
        case .duplicates where post.isRepeatable || post.generation >= DeliveryDecision.mostOpenings: .send(content)
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
