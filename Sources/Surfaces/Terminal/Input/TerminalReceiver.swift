import SurfaceKit

/// Takes what is typed to the inbox.
struct TerminalReceiver<Receiver: Inbox>: Sendable {
    let console: Console
    let inbox: Receiver

    /// How long to wait for a line in one call.
    private static var patience: Duration { .seconds(45) }

    /// Runs until cancelled, and returns at the end of the input.
    func run(from checkpoint: Checkpoint?) async throws(SurfaceError) {
        let last = checkpoint.flatMap { Int64($0.rawValue) } ?? 0
        try console.keyboard.refuseBackground()
        await inbox.receiving(nextWithin: Self.patience)
        while !Task.isCancelled {
            try await deliver(after: last)
            switch try await console.keyboard.read(atMost: Self.patience) {
            case .lines(let lines): await console.printer.typed(lines)
            case .nothing: break
            case .ended: return try await deliver(after: last)
            }
            await inbox.receiving(nextWithin: Self.patience)
        }
        throw .cancelled
    }

    private func deliver(after last: Int64) async throws(SurfaceError) {
        let waiting = console.keyboard.waiting(after: last)
        guard let newest = waiting.last else { return }
        let messages = waiting.map { (number: $0.number, message: TypedMessage($0.typed)) }
        let events = messages.compactMap { event($0.message, $0.number) }
        try await inbox.accept(events, checkpoint: Checkpoint(String(newest.number)))
        console.keyboard.accepted(upTo: newest.number)
        for case (_, .mistake(let words)) in messages { await console.printer.notice(words) }
    }

    private func event(_ typed: TypedMessage, _ number: Int64) -> InboundEvent? {
        let (text, files): (String, [InboundFile])
        switch typed {
        case .text(let words): (text, files) = (words, [])
        case .file(let file, let caption): (text, files) = (caption, [file])
        case .mistake: return nil
        }
        return InboundEvent(
            id: EventID("line-\(number)"),
            conversation: ConversationAddress(chat: TerminalSurface.chat),
            chatKind: .direct,
            sender: Sender(id: TerminalOptions.person, name: TerminalOptions.person.rawValue),
            content: .message(
                InboundMessage(id: MessageID(String(number)), text: text, files: files, addressed: true)
            )
        )
    }
}
