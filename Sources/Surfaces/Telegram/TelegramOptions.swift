import Basics
import SurfaceKit

/// What stands under `options` for a surface of kind `telegram`.
package struct TelegramOptions: SurfaceOptions {
    /// How updates come.
    enum Receiving: String, Sendable, CaseIterable {
        case polling, webhook
    }

    package static let fields = [
        OptionField("token", .secret, required: true, summary: "The bot's token, as @BotFather gives it."),
        OptionField(
            "apiBaseURL",
            .address(schemes: ["https", "http"]),
            fallback: "https://api.telegram.org",
            summary: "Base address of the Bot API; another one for a Bot API server of your own."
        ),
        OptionField(
            "fileBaseURL",
            .address(schemes: ["https", "http"]),
            summary: "Where files are downloaded from: FILEBASEURL/botTOKEN/PATH. Default: apiBaseURL/file."
        ),
        OptionField(
            "receive",
            .choice(Receiving.allCases.map(\.rawValue)),
            fallback: "polling",
            summary: "Whether the host asks for updates or Telegram posts them to webhooks.publicURL."
        ),
        OptionField(
            "drafts",
            .boolean,
            fallback: true,
            summary: "Whether an answer in a private chat grows as a native draft."
        ),
    ]

    package static let accounts = AccountForm(example: "123456789") { text in
        // Digits; a group that administrators speak as is negative.
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        return Int64(text) != nil && digits.first?.isNumber == true && digits.first != "0"
    }

    package static func needsWebhook(_ values: OptionValues) -> Bool {
        values.string("receive") == Receiving.webhook.rawValue
    }

    package static func contradictions(in values: OptionValues) -> [OptionMistake] {
        guard let token = values.secret("token"), !isToken(token.exposed) else { return [] }
        let hint = "copy it from @BotFather: digits, a colon, letters and digits"
        return [OptionMistake(key: "token", message: "is not the token of a bot", hint: hint)]
    }

    let token: Secret
    let apiBaseURL: String
    let fileBaseURL: String?
    let receiving: Receiving
    let drafts: Bool

    package init(_ values: OptionValues) {
        token = values.secret("token") ?? Secret("")
        apiBaseURL = values.string("apiBaseURL") ?? "https://api.telegram.org"
        fileBaseURL = values.string("fileBaseURL")
        receiving = values.string("receive").flatMap(Receiving.init) ?? .polling
        drafts = values.boolean("drafts") ?? true
    }

    /// Digits, a colon and word characters, at most 80 in all: what the server takes as a token at all.
    private static func isToken(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.count <= 80, !parts[0].isEmpty, !parts[1].isEmpty else { return false }
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        return parts[0].allSatisfy(digits.contains) && parts[0].first != UInt8(ascii: "0")
            && parts[1].allSatisfy { isASCIIWordByte($0) || $0 == UInt8(ascii: "-") }
    }
}
