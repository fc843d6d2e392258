import State

/// Conversations in which something is owed that their own lanes did not queue: a turn that ended while its chat went on
/// as another one.
final class WakeRequests: Sendable {
    /// For one reader.
    let conversations: AsyncStream<ConversationID>
    private let requests: AsyncStream<ConversationID>.Continuation

    init() { (conversations, requests) = AsyncStream.makeStream(of: ConversationID.self) }

    func deliver(in conversation: ConversationID) { requests.yield(conversation) }

    /// Nothing more will be asked.
    func finish() { requests.finish() }
}
