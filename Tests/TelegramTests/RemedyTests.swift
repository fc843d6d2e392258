import Basics
import Foundation
import SurfaceKit
import Testing

@testable import Telegram

@Suite("Errors of the Bot API")
struct RemedyTests {
    struct Known: Sendable, CustomTestStringConvertible {
        let code: Int
        let description: String
        let action: String

        var testDescription: String { "\(code) \(description)" }
    }

    /// What was found out about the server’s errors, with what to do about each.
    static let known: [Known] = {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/errors.json")
        guard let data = try? Data(contentsOf: path), let json = try? JSONValue(parsing: data) else { return [] }
        return (json["errors"]?.array ?? []).compactMap { error in
            guard let code = error["error_code"]?.int64, let description = error["description"]?.string else {
                return nil
            }
            return Known(code: Int(code), description: description, action: error["action"]?.string ?? "")
        }
    }()

    /// The remedies that fit what is to be done, as the notes word it.
    private static func fitting(_ action: String) -> Set<Remedy> {
        switch action {
        case "config": [.fixCredentials, .none]
        case "fallback/config", "use sendMessage+edit": [.doWithout]
        case "fatal": [.fixCredentials]
        case "ignore": [.nothing, .leaveChat]
        case "retry", "retry once": [.again, .receiveAlone]
        case "wait N then retry": [.wait]
        case "do not retry; send link/text", "split", "send caption as text", "tell user": [.shorten]
        case "retry with backoff": [.uncertain]
        case "stop/alert; back off, single poller", "stop polling": [.receiveAlone]
        case "deleteWebhook or fail startup": [.removeWebhook]
        case "permanent for chat", "drop chat until my_chat_member/inbound", "drop chat", "drop",
            "permanent, tell admin", "permanent for topic":
            [.leaveChat]
        // A topic is part of the address: nothing is said elsewhere instead.
        case "fallback to General/none", "resend without message_thread_id": [.leaveChat]
        case "permanent": [.leaveChat, .none]
        case "rebind chat id, retry once": [.follow]
        case "resend as plain text (no parse_mode)", "resend plain": [.sendPlain]
        case "treat as success": [.nothing]
        case "send new message", "editMessageCaption": [.sendNew]
        case "sendDocument", "sendAudio/Document": [.sendAsDocument]
        // Never asked for: replies are optional, quotes, albums and links are not sent.
        default: [.none]
        }
    }

    @Test func `knows all that were found`() { #expect(Self.known.count == 101) }

    @Test(arguments: known)
    func `finds what helps`(error: Known) {
        let failure = BotAPIFailure(
            code: error.code,
            description: error.description,
            retryAfter: nil,
            migratedTo: nil
        )

        #expect(Self.fitting(error.action).contains(failure.remedy), "\(error.action): \(failure.remedy)")
    }

    @Test(arguments: [
        (
            429, "Too Many Requests: retry after 21",
            SurfaceError.unavailable(
                retryAfter: .seconds(21),
                limited: true,
                reason: "429 Too Many Requests: retry after 21"
            )
        ),
        (
            401, "Unauthorized",
            .unauthorized(
                reason:
                    "401 Unauthorized; the server does not take the token: get a new one from @BotFather and set it, "
                    + "or check apiBaseURL"
            )
        ),
        (403, "Forbidden: something new", .refused(.conversationGone, reason: "403 Forbidden: something new")),
        (
            400, "Bad Request: message to edit not found",
            .refused(.messageGone, reason: "400 Bad Request: message to edit not found")
        ),
        (400, "Bad Request: MESSAGE_TOO_LONG", .refused(.tooLarge, reason: "400 Bad Request: MESSAGE_TOO_LONG")),
        (400, "Bad Request: whatever", .refused(.other, reason: "400 Bad Request: whatever")),
        (502, "Bad Gateway", .unknownOutcome(reason: "502 Bad Gateway")),
    ])
    func `tells the host what to do next`(code: Int, description: String, expected: SurfaceError) {
        let failure = BotAPIFailure(code: code, description: description, retryAfter: 21, migratedTo: nil)

        #expect(SurfaceError(BotAPIError.failed(failure)) == expected)
    }
}
