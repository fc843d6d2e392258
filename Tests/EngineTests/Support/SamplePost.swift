import Basics
import SurfaceKit

@testable import State

extension PostRecord {
    /// A message that is owed.
    static func sample(
        _ content: MessageContent?,
        shown: MessageContent? = nil,
        message: MessageID? = nil,
        turn: TurnID? = TurnID(1),
        generation: Int = 0,
        form: PostForm = .whole,
        isRepeatable: Bool = false,
        attempts: Int = 0
    ) -> PostRecord {
        PostRecord(
            id: PostID(1),
            conversation: ConversationID(1),
            turn: turn,
            page: 0,
            replyTo: nil,
            state: .due,
            content: content,
            shown: shown,
            message: message,
            generation: generation,
            form: form,
            isRepeatable: isRepeatable,
            attempts: attempts,
            dueAt: nil
        )
    }
}

extension MessageContent {
    /// What a messenger takes in one form only.
    static let plain = MessageContent.text(MessageText("plain words", format: .plain))
    static let photo = MessageContent.file(
        OutboundFile(path: "1/a0", kind: .image, name: "a.png", mimeType: "image/png", size: 3)
    )
    static let document = MessageContent.file(
        OutboundFile(path: "1/a0", kind: .document, name: "a.txt", mimeType: "text/plain", size: 3)
    )
}
