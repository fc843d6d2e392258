import AgentLink
import Basics
import SurfaceKit

/// What can be changed in the state within one transaction.
package protocol StateChanging: StateReading {
    /// Runs `body` so that what it throws undoes its own changes only.
    func nested<Result>(_ body: () throws -> Result) throws -> Result
    /// Whether the transaction stands; a disk that fills may take it away as a whole.
    var isInTransaction: Bool { get }

    // MARK: What comes in

    /// Notes an event; false when it was noted before.
    func takeEvent(_ event: EventID, of surface: SurfaceID, now: Timestamp) throws -> Bool
    /// Keeps an event that could not be handled, for the operator; it counts as taken. `reason` holds no content.
    func setAside(_ event: InboundEvent, of surface: SurfaceID, reason: String, now: Timestamp) throws
    func setCheckpoint(_ checkpoint: Checkpoint?, of surface: SurfaceID) throws
    func apply(_ changes: [StateChange], of surface: SurfaceID) throws
    /// The secret that a messenger echoes, made when there is none.
    func makeWebhookSecret(of surface: SurfaceID) throws -> String

    // MARK: Contexts

    /// Makes a context with a platform chat id that was never given before.
    ///
    /// - Parameter origin: The owner that it stays with when accounts are unlinked.
    func makeContext(
        owner: ContextOwner,
        origin: ContextOwner,
        surface: SurfaceID,
        now: Timestamp
    ) throws -> ContextID
    func setName(_ name: String, of context: ContextID) throws
    /// Notes that `person` was shown a list of these contexts, in this order.
    func noteList(of contexts: [ContextID], shownTo person: PersonID, in conversation: ConversationID) throws
    /// Removes a context; its chats and the questions that wait in it move to `successor`.
    func forgetContext(_ id: ContextID, successor: ContextID) throws
    /// Removes a context that no chat is on and no question waits in.
    func forgetContext(_ id: ContextID) throws
    func addToTranscript(_ messages: [AgentMessage], of turn: TurnID, to context: ContextID) throws
    /// Makes what is stored of `old` just `new`, a part of it: what no longer fits goes, with files that are not sent any
    /// more.
    func replaceTranscript(of context: ContextID, by new: [TranscriptEntry], instead old: [TranscriptEntry]) throws
    func forgetTranscript(of turn: TurnID, in context: ContextID) throws

    // MARK: Conversations

    /// The conversation at `address`, made when it is new; its kind and language are brought up to date.
    func conversation(
        on surface: SurfaceID,
        at address: ConversationAddress,
        kind: ChatKind,
        language: String?
    ) throws -> ConversationRecord
    func setContext(_ context: ContextID, of conversation: ConversationID) throws
    func setToldUnreadable(_ conversation: ConversationID) throws
    /// Notes that something was given up here, or that its person was told.
    func setUndelivered(_ isUndelivered: Bool, in conversation: ConversationID) throws
    /// Lets the conversations of `old` go on under `new`, with their contexts and all that is still to be said.
    func moveChat(_ old: ChatID, to new: ChatID, on surface: SurfaceID) throws
    func stage(_ message: InboundMessage, in conversation: ConversationID, person: PersonID, now: Timestamp) throws
    /// Forgets what is staged: it has become part of a message, or is too old.
    func clearStaged(conversation: ConversationID, person: PersonID) throws
    func unstage(_ message: MessageID, in conversation: ConversationID) throws
    func unstage(_ id: StagedID) throws

    // MARK: Turns

    func addTurn(
        in conversation: ConversationID,
        of context: ContextID,
        message: MessageID,
        sender: PersonID,
        question: Question,
        now: Timestamp
    ) throws -> TurnID
    func setQuestion(_ question: Question, of turn: TurnID) throws
    /// Notes that the agent may act from now on; false when the turn ended or went to another context meanwhile.
    func beginTurn(_ turn: TurnRecord, now: Timestamp) throws -> Bool
    /// Takes ``beginTurn(_:now:)`` back: the agent took nothing.
    func noteFailedAttempt(at turn: TurnRecord, now: Timestamp) throws
    func noteFirstText(of turn: TurnID, at time: Timestamp) throws
    /// Notes what the agent calls the first message of its answer.
    func noteAnswer(_ message: String, of turn: TurnID) throws
    func endTurn(_ turn: TurnID, as ending: TurnRecord.Ending, now: Timestamp) throws
    /// - Returns: How many there were.
    func endWaitingTurns(in conversation: ConversationID, as ending: TurnRecord.Ending, now: Timestamp) throws -> Int
    /// Ends the turns that were begun on `surface` and whose end was never stored; what was shown of them stays.
    ///
    /// - Parameter surface: `nil` for every surface, after a death of the host.
    func endCutOffTurns(on surface: SurfaceID?, now: Timestamp) throws
    /// Notes that the person of a turn that was cut off was told.
    func noteTold(_ turn: TurnID) throws

    // MARK: Posts

    func owe(_ new: NewPost, now: Timestamp) throws
    /// Notes what the messenger shows of a post.
    func noteShown(_ content: MessageContent, as message: MessageID?, of post: PostID) throws
    /// Forgets the message that was made for a post, so that the next attempt makes a new one, its `generation`th.
    func renew(_ post: PostID, generation: Int) throws
    /// Lets the agent know in the transcript that its person did not get `post`.
    func noteUndelivered(_ post: PostRecord, of turn: TurnID) throws
    func setForm(_ form: PostForm, of post: PostID) throws
    func countAttempt(at post: PostID) throws
    /// Ends a post: it is delivered, failed or dropped.
    func settle(_ post: PostID, as state: PostRecord.State, now: Timestamp) throws
    /// Gives up everything that is still to be said in a conversation; returns how much.
    func dropPosts(in conversation: ConversationID, now: Timestamp) throws -> Int
    /// Drops the pages of answers of which nothing was sent, but for what an answer that was stopped had said; returns how
    /// many.
    func dropUnsentPages(in conversation: ConversationID, now: Timestamp) throws -> Int
    /// Gives up what has been owed on a surface since before `old`; returns how much.
    func giveUpPosts(on surface: SurfaceID, dueBefore old: Timestamp, now: Timestamp) throws -> Int
    /// Notes that page `page` of a running turn is about to be shown; `nil` when the turn has ended.
    func beginPreview(
        page: Int,
        of turn: TurnID,
        showing content: MessageContent,
        replyTo: MessageID?,
        now: Timestamp
    ) throws -> PostRecord?
    /// Keeps what a running turn has shown as it is.
    ///
    /// - Returns: The pages of which a message is known, and those of which it is not known whether there is one.
    func keepPreviews(of turn: TurnID, now: Timestamp) throws -> KeptPreviews
    /// Notes that a draft is about to show `content` as page `page` of a running turn.
    func keepDraft(page: Int, of turn: TurnID, showing content: MessageContent, now: Timestamp) throws
    /// Drops what drafts have shown and nothing has become of.
    func forgetDrafts(of turn: TurnID) throws

    // MARK: People

    /// Makes two accounts, with all that each is linked to, one person.
    ///
    /// A name that both had gets a number behind it on the side of `other`.
    func link(_ account: Account, _ other: Account) throws
    /// Makes `account` a person of its own again, with the contexts that were begun on it; false when it was one.
    func unlink(_ account: Account) throws -> Bool
    /// A code for `giver`; an earlier one of the same account counts no more.
    func makeLinkCode(
        for giver: Account,
        called name: String,
        in conversation: ConversationID,
        now: Timestamp
    ) throws -> String
    /// Who was given `code`, which is used up by this; `nil` when it is unknown or too old.
    func takeLinkCode(_ code: String, now: Timestamp) throws -> LinkRecord?
    /// Notes that `account` was told whose code it typed.
    func offerLink(_ link: LinkRecord, to account: Account, now: Timestamp) throws
    /// What `account` was offered last, which is used up by this; `nil` when there is none or it is too old.
    func takeLinkOffer(to account: Account, now: Timestamp) throws -> LinkRecord?
    /// Wrong codes that `account` typed within the hour.
    func linkGuesses(of account: Account, now: Timestamp) throws -> Int
    func noteLinkGuess(of account: Account, now: Timestamp) throws
    /// Opens a request for `person`; returns its code, `nil` when one is open already, or when too many are.
    func openPairing(
        of person: Sender,
        on surface: SurfaceID,
        in conversation: ConversationID,
        now: Timestamp
    ) throws -> String?
    /// Lets the person in who was given `code`; `nil` when it is unknown or too old.
    func approvePairing(_ code: String, now: Timestamp) throws -> PairingRecord?
    /// Takes an approval back, with the questions that wait; false when there was none.
    func revokeApproval(of person: PersonID, on surface: SurfaceID, now: Timestamp) throws -> Bool

    // MARK: Damage

    /// Ends what hangs on a row that cannot be read, so that it is never met again.
    ///
    /// - Returns: The conversation whose people should be told; `nil` when there is nothing to tell.
    func fail(_ row: DamagedRow, now: Timestamp) throws -> ConversationID?

    // MARK: Time

    /// Removes what nobody can need any more: one step, which looks at few rows.
    ///
    /// - Parameter place: Where the step before ended; at first ``ForgettingPlace/start``.
    /// - Returns: Where the next step begins; `nil` when all is done.
    func forget(_ retention: Retention, from place: ForgettingPlace, now: Timestamp) throws -> ForgettingPlace?
}
