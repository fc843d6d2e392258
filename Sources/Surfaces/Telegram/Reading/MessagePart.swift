import SurfaceKit

/// One message of Telegram, which may be part of an album or of a long text that the person’s app cut.
struct MessagePart: Hashable, Sendable {
    /// Always a message.
    let event: InboundEvent
    let album: String?
    /// Of its text, in UTF-16 code units, as it was sent.
    let length: Int
    /// Text alone: no files, nothing that it replies to or forwards.
    let isBareText: Bool

    /// Apps cut what is longer than 4096 at a word; nobody types that much by hand.
    static let cutLength = 4000

    /// Whether more of it may follow.
    var isOpen: Bool { album != nil || isBareText && length >= Self.cutLength }

    /// Whether `next` goes on where this ends.
    func continues(in next: MessagePart) -> Bool {
        guard next.event.conversation == event.conversation, next.event.sender.id == event.sender.id else {
            return false
        }
        if let album { return next.album == album }
        return isOpen && next.isBareText
    }

    /// Both as one message, under the number of the first.
    func joined(with next: MessagePart) -> MessagePart {
        guard case .message(let first) = event.content, case .message(let second) = next.event.content else {
            return self
        }
        let separator = album != nil ? "\n" : (length >= 4096 ? "" : "\n")
        let message = InboundMessage(
            id: first.id,
            text: [first.text, second.text].filter { !$0.isEmpty }.joined(separator: separator),
            files: first.files + second.files,
            addressed: first.addressed || second.addressed,
            quote: first.quote ?? second.quote,
            album: first.album,
            isQuestion: first.isQuestion || second.isQuestion
        )
        let whole = InboundEvent(
            id: event.id,
            conversation: event.conversation,
            chatKind: event.chatKind,
            sender: event.sender,
            content: .message(message),
            sentAt: event.sentAt
        )
        return MessagePart(event: whole, album: album, length: next.length, isBareText: isBareText)
    }
}
