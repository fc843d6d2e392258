/// What helps against an error of the Bot API.
///
/// Found by code and the beginning of the description: wording drifts between versions of the server.
enum Remedy: Hashable, Sendable {
    /// Rate limit: wait as long as told.
    case wait
    /// Nothing happened; the server will be back.
    case again
    /// It may have happened.
    case uncertain
    /// A person must set the token or address right.
    case fixCredentials
    /// Another program receives this bot’s updates.
    case receiveAlone
    /// A webhook is set: updates cannot be polled.
    case removeWebhook
    /// The bot cannot write in this chat or topic.
    case leaveChat
    /// The group goes on as a supergroup.
    case follow
    /// The message to edit is gone or cannot be edited: send a new one.
    case sendNew
    case shorten
    /// The markup was not understood: send the characters alone.
    case sendPlain
    /// Not accepted as a photo, video or voice: send it as a document.
    case sendAsDocument
    /// What was asked for is so already.
    case nothing
    /// The server is too old for the method.
    case doWithout
    /// A mistake of ours or of the operator: repeating does not help.
    case none

    init(for failure: BotAPIFailure) {
        if failure.migratedTo != nil {
            self = .follow
            return
        }
        let known = Self.known.first { $0.code == failure.code && failure.description.hasPrefix($0.prefix) }
        self = known?.remedy ?? Self.unknown(failure.code)
    }

    private static func unknown(_ code: Int) -> Remedy {
        switch code {
        case 401, 421: .fixCredentials
        case 403: .leaveChat
        case 404: .fixCredentials
        case 409: .receiveAlone
        case 413: .shorten
        case 429: .wait
        case 500...: .uncertain
        default: .none
        }
    }

    /// First match wins.
    ///
    /// Codes without an entry are answered by ``unknown(_:)``.
    private static let known: [(code: Int, prefix: String, remedy: Remedy)] = [
        (404, "Not Found: method not found", .doWithout),
        (400, "Logged out", .fixCredentials),
        (400, "Bad Request: the bot has already been closed", .nothing),
        (500, "Internal Server Error: restart", .again),
        (409, "Conflict: can't use getUpdates method while webhook is active", .removeWebhook),
        (400, "Bad Request: chat not found", .leaveChat),
        (400, "Bad Request: private chat not found", .leaveChat),
        (400, "Bad Request: group chat was upgraded to a supergroup chat", .follow),
        (400, "Bad Request: not enough rights to send ", .leaveChat),
        (400, "Bad Request: have no write access to the chat", .leaveChat),
        (400, "Bad Request: need administrator rights in the channel chat", .leaveChat),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN", .leaveChat),
        // An answer never falls back to another place: a topic that is gone is a conversation that is gone.
        (400, "Bad Request: TOPIC_CLOSED", .leaveChat),
        (400, "Bad Request: TOPIC_DELETED", .leaveChat),
        (400, "Bad Request: message thread not found", .leaveChat),
        (400, "Bad Request: TEXTDRAFT_PEER_INVALID", .doWithout),
        (400, "Bad Request: message is too long", .shorten),
        (400, "Bad Request: MESSAGE_TOO_LONG", .shorten),
        (400, "Bad Request: text is too long", .shorten),
        (400, "Bad Request: message caption is too long", .shorten),
        (400, "Bad Request: can't parse entities", .sendPlain),
        (400, "Bad Request: ENTITY_BOUNDS_INVALID", .sendPlain),
        (400, "Bad Request: message is not modified", .nothing),
        (400, "Bad Request: message to edit not found", .sendNew),
        (400, "Bad Request: message can't be edited", .sendNew),
        (400, "Bad Request: there is no text in the message to edit", .sendNew),
        (400, "Bad Request: message to delete not found", .nothing),
        (400, "Bad Request: message can't be deleted", .nothing),
        (400, "Bad Request: message to react not found", .nothing),
        (400, "Bad Request: REACTION_INVALID", .nothing),
        (400, "Bad Request: query is too old", .nothing),
        (400, "Bad Request: file is too big", .shorten),
        (400, "Bad Request: wrong file_id or the file is temporarily unavailable", .again),
        (400, "Bad Request: PHOTO_INVALID_DIMENSIONS", .sendAsDocument),
        (400, "Bad Request: IMAGE_PROCESS_FAILED", .sendAsDocument),
        (400, "Bad Request: user restricted receiving of v", .sendAsDocument),
    ]
}
