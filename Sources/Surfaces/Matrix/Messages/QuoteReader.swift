import Basics
import SurfaceKit

/// Completes messages that answer others with what they answer.
struct QuoteReader: Sendable {
    let client: MatrixClient
    let context: SurfaceContext
    let mention: BotMention

    /// The event with its quotation, as far as that can be had.
    ///
    /// A message that cannot be fetched never holds up the others: then what the client quoted must do.
    func complete(_ draft: InboundDraft) async throws(SurfaceError) -> InboundEvent {
        guard let reply = draft.reply, await isWorthAsking(draft.event) else { return draft.event }
        do throws(MatrixFault) {
            let event = try await client.event(reply, in: draft.event.conversation.chat.rawValue)
            if let event, let quote = quotation(of: event, for: draft.event.sender) {
                return draft.quoting(quote, ofBot: event.sender == mention.user)
            }
        } catch {
            switch SurfaceError(error, while: .asking) {
            case .cancelled: throw .cancelled
            case .unauthorized(let reason): throw .unauthorized(reason: reason)
            case .unavailable, .refused, .unknownOutcome:
                context.log.debug("Answered message not found", ["room": draft.event.conversation.chat])
            }
        }
        guard let fallback = draft.fallback else { return draft.event }
        let isOfBot = fallback.author == mention.user
        let author = isOfBot ? nil : fallback.author ?? ""
        let quote = QuotedMessage(id: MessageID(reply), author: author, text: fallback.quoted)
        return draft.quoting(quote, ofBot: isOfBot)
    }

    /// Nothing is fetched for people who have no access, nor where nobody is answered.
    private func isWorthAsking(_ event: InboundEvent) async -> Bool {
        if event.chatKind == .group, context.access.respond == .never { return false }
        return await context.access.admits(event.sender.id)
    }

    private func quotation(of event: MatrixEvent, for reader: Sender) -> QuotedMessage? {
        let content = event.latestContent
        guard let body = content["body"]?.string, let id = event.id else { return nil }
        // Read as anybody would: whether it names the bot does not matter any more.
        let reading = MessageReading(content, type: event.type, mention: mention)
        let author: String? =
            switch event.sender {
            case mention.user: nil
            case reader.id.rawValue: reader.name
            default: event.sender
            }
        return QuotedMessage(
            id: MessageID(id),
            author: author,
            text: reading?.text ?? body,
            files: reading?.files ?? []
        )
    }
}
