extension SurfaceClause {
    /// What to write so that a surface keeps the promise, for whoever writes one.
    var advice: String {
        switch self {
        case .saysWhoItIs: "identify(): ask the messenger who the bot is; an account that it does not know throws."
        case .deliversInOrder:
            """
            receive(): say inbox.receiving(nextWithin:) after each call that succeeded, make an InboundEvent of each \
            update, and hand them to inbox.accept in the order in which they came.
            """
        case .deliversAgainWhatWasNotAccepted:
            "receive(): let the error of inbox.accept through, and acknowledge to the messenger only after its return."
        case .goesOnAfterTheCheckpoint:
            "receive(): give the messenger's place in its stream as the checkpoint, and begin at the one that is given."
        case .hidesItsOwnMessages: "receive(): leave out what the bot's own account said."
        case .stopsWhenCancelled: "receive(): end soon when the task is cancelled, also in the middle of a call."
        case .reportsEdits: "receive(): report a changed message as .edited with the message's own id."
        case .reportsWithdrawals: "receive(): report a withdrawn message as .deleted."
        case .keepsThreads: "Put the thread into ConversationAddress.thread, and answer there."
        case .deliversFiles: "receive(): name each file by a reference; fetch(): stream it from there."
        case .refusesLargeFiles: "fetch(): throw .refused(.tooLarge) before a byte above the limit is handed on."
        case .sends: "perform(): .send, .edit and .delete of a text; the receipt of a send names the message."
        case .answers: "perform(): show which message replyTo is."
        case .sendsFiles: "perform(): .send of a file, as its bytes are."
        case .carriesAnyText: "Escape what the messenger takes for markup, in both directions."
        case .takesTheLongestText: "capabilities.text: a maximum and a measure that the messenger agrees with."
        case .repeatsHarmlessly:
            "perform(): give the operation's id to a messenger that recognises it; else repetition is .duplicates."
        case .showsTyping: "perform(): .typing and .markRead; where the messenger has neither, return an empty receipt."
        case .reportsOverload: "Throw .unavailable with limited: true and the wait that the messenger asks for."
        case .reportsBadCredentials: "Throw .unauthorized from every verb when the messenger knows the bot no more."
        case .reportsRemoval: "Throw .refused(.conversationGone) when the bot may not write here."
        }
    }
}
