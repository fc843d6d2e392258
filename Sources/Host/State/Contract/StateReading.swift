import Basics
import SurfaceKit

/// What can be asked of the state within one transaction.
///
/// A row that cannot be read throws ``StateError/damaged(_:reason:)``.
package protocol StateReading {
    // MARK: Surfaces

    func checkpoint(of surface: SurfaceID) throws -> Checkpoint?
    func value(_ key: String, of surface: SurfaceID) throws -> String?
    func values(withPrefix prefix: String, of surface: SurfaceID) throws -> [String: String]

    // MARK: Contexts

    func context(_ id: ContextID) throws -> ContextRecord?
    /// The contexts of an owner, the one used last first.
    func contexts(of owner: ContextOwner) throws -> [ContextRecord]
    /// The last list of contexts that `person` was shown in a conversation, in its order; empty before the first.
    func shownList(to person: PersonID, in conversation: ConversationID) throws -> [ContextID]
    /// What the agent is shown of a context.
    func transcript(of context: ContextID) throws -> Transcript
    func transcriptSize(of context: ContextID) throws -> (messages: Int, bytes: Int)
    /// Number of chats that are on the context now.
    func chatsOnContext(_ id: ContextID) throws -> Int
    /// Whether a chat is on the context, or a question waits or is being answered in it.
    func isInUse(_ id: ContextID) throws -> Bool
    /// The newest contexts of everybody, for a page.
    func contextOverviews() throws -> [ContextOverview]

    // MARK: Conversations

    /// `nil` when its chat went on as another one.
    func conversation(_ id: ConversationID) throws -> ConversationRecord?
    /// All conversations of a chat: itself and its threads.
    func conversations(of chat: ChatID, on surface: SurfaceID) throws -> [ConversationRecord]
    func staged(conversation: ConversationID, person: PersonID, since: Timestamp) throws -> [StagedRecord]

    // MARK: Turns

    func turn(_ id: TurnID) throws -> TurnRecord?
    /// The oldest question of a conversation that waits.
    func nextTurn(in conversation: ConversationID) throws -> TurnRecord?
    /// The surfaces on which an older question of the same context is open.
    func surfacesAhead(of turn: TurnRecord) throws -> Set<SurfaceID>
    func lastTurn(in conversation: ConversationID) throws -> TurnRecord?
    func lastTurn(in conversation: ConversationID, of context: ContextID) throws -> TurnRecord?
    /// The turn that `message` asked for.
    func turn(of message: MessageID, in conversation: ConversationID) throws -> TurnRecord?
    /// The question of a context that is being asked, or else is next.
    func currentTurn(of context: ContextID) throws -> TurnRecord?
    /// The question of a conversation that is being asked, or else is next.
    func currentTurn(in conversation: ConversationID) throws -> TurnRecord?
    func conversationsWithWaitingTurns() throws -> [ConversationID]
    /// Number of accepted messages whose turn has not begun.
    func waitingTurns() throws -> Int64
    /// Turns of a surface that a death of the host cut off and whose people have not been told.
    func untoldTurns(on surface: SurfaceID) throws -> [TurnID]
    /// Which files of a turn can still be sent, to the agent or to people.
    func neededFiles(of turn: TurnID) throws -> NeededFiles

    // MARK: Posts

    /// The next message that is owed in a conversation: replies to commands first, then in the order of asking.
    func nextOwed(in conversation: ConversationID) throws -> PostRecord?
    func conversationsOwed() throws -> [ConversationID]
    func post(_ id: PostID) throws -> PostRecord?
    /// Everything that the bot said in answer to a turn.
    func posts(of turn: TurnID) throws -> [PostRecord]
    /// Number of messages that are owed.
    func postsOwed() throws -> Int64
    /// Surfaces on which something has been owed since before `old`.
    func surfacesOwed(before old: Timestamp) throws -> Set<SurfaceID>

    // MARK: People

    /// Who owns what `account` begins: the account itself, or the person that several accounts are.
    func owner(of account: Account) throws -> ContextOwner
    /// Whether an operator let `person` in.
    func isApproved(_ person: PersonID, on surface: SurfaceID) throws -> Bool
    /// The requests of strangers that are open, oldest first.
    func pairings() throws -> [PairingRecord]
    /// Whether a request of `person` would be ignored: one is open, or too many are.
    func isPairingClosed(to person: PersonID, on surface: SurfaceID, now: Timestamp) throws -> Bool

    // MARK: For the operator

    func queues(now: Timestamp) throws -> Queues
    /// Number of events that could not be handled.
    func eventsSetAside() throws -> Int64
}
