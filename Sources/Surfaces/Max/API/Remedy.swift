/// What helps against an error of the MAX Bot API.
///
/// Found by status, code and the beginning of the message: the codes are few and mean many things.
enum Remedy: Hashable, Sendable {
    /// Rate limit.
    case wait
    /// Nothing happened; the server will be back.
    case again
    /// The server is not done with a file that was uploaded: the same call, a little later.
    case awaitFile
    /// It may have happened.
    case uncertain
    /// A person must set the token right.
    case fixCredentials
    /// The bot cannot write in this chat.
    case leaveChat
    /// The message is gone or cannot be edited.
    case sendNew
    case shorten
    /// The message was not understood: send the characters alone.
    case simplify
    /// Not accepted as a picture, video or sound: send it as a file.
    case sendAsFile
    /// The file’s token is not good (any more).
    case uploadAgain
    /// A subscription exists: updates cannot be polled.
    case removeWebhook
    /// A mistake of ours or of the operator: repeating does not help.
    case none

    init(for failure: MaxFailure) {
        let known = Self.known.first { entry in
            entry.status == failure.status && failure.code.hasPrefix(entry.code)
                && failure.message.hasPrefix(entry.message)
        }
        self = known?.remedy ?? Self.unknown(failure.status)
    }

    private static func unknown(_ status: Int) -> Remedy {
        switch status {
        case 401: .fixCredentials
        case 403: .leaveChat
        case 405: .removeWebhook
        case 413: .shorten
        case 415: .sendAsFile
        case 429: .wait
        case 503: .again
        case 500...: .uncertain
        default: .none
        }
    }

    /// First match wins.
    ///
    /// Statuses without an entry are answered by ``unknown(_:)``.
    private static let known: [(status: Int, code: String, message: String, remedy: Remedy)] = [
        (400, "attachment.not.ready", "", .awaitFile),
        // Of videos that the service made nothing of; also seen for good ones during an outage.
        (400, "errors.process.attachment", "", .sendAsFile),
        (400, "error.edit.invalid.message", "", .sendNew),
        (400, "proto.payload", "Field 'text' size", .shorten),
        // The same in older words.
        (400, "proto.payload", "text: size must be", .shorten),
        (400, "proto.payload", "Invalid photo token", .uploadAgain),
        (400, "proto.payload", "Missing `token`", .uploadAgain),
        (400, "proto.payload", "No `photos`", .uploadAgain),
        (400, "proto.payload", "Unknown recipient", .leaveChat),
        (400, "proto.payload", "Field 'timeout'", .none),
        (400, "proto.payload", "Must be only one file", .none),
        (400, "proto.payload", "Missing required parameter", .none),
        (400, "proto.payload", "", .simplify),
        (403, "chat.denied", "Forwarding messages", .none),
        (404, "chat.not.found", "", .leaveChat),
        (404, "dialog.not.found", "", .leaveChat),
        // Without a code it is no answer of the service but of something at another address.
        (404, "message", "", .sendNew),
        (404, "not.found", "", .sendNew),
    ]
}
