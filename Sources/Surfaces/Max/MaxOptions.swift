import Basics
import SurfaceKit

/// What stands under `options` for a surface of kind `max`.
package struct MaxOptions: SurfaceOptions {
    /// How updates come.
    enum Receiving: String, Sendable, CaseIterable {
        case polling, webhook
    }

    private static let standardBase = "https://platform-api2.max.ru"

    package static let fields = [
        OptionField("token", .secret, required: true, summary: "The bot's token, as business.max.ru gives it."),
        OptionField(
            "apiBaseURL",
            .address(schemes: ["https", "http"]),
            fallback: .string(standardBase),
            summary: "Base address of the MAX Bot API."
        ),
        OptionField(
            "receive",
            .choice(Receiving.allCases.map(\.rawValue)),
            fallback: "polling",
            summary: "Whether the host asks for updates or MAX posts them to webhooks.publicURL."
        ),
        OptionField(
            "trustedCertificates",
            .authorities,
            summary:
                "PEM file of authorities trusted beside the system's, for this surface only: MAX needs the Russian Trusted Root CA."
        ),
    ]

    package static let accounts = AccountForm(example: "123456789") { text in
        Int64(text).map { $0 > 0 && String($0) == text } ?? false
    }

    package static func needsWebhook(_ values: OptionValues) -> Bool {
        values.string("receive") == Receiving.webhook.rawValue
    }

    package static func contradictions(in values: OptionValues) -> [OptionMistake] {
        var mistakes: [OptionMistake] = []
        if let token = values.secret("token"), !isToken(token.exposed) {
            let hint = "copy it from business.max.ru: letters and digits, without \"Bearer\", quotes or spaces"
            mistakes.append(OptionMistake(key: "token", message: "is not the token of a bot", hint: hint))
        }
        if let path = values.string("trustedCertificates"), let problem = TrustedAuthorities.problem(withFile: path) {
            let hint = "name a PEM file that holds the Russian Trusted Root CA (gosuslugi.ru/tls)"
            mistakes.append(OptionMistake(key: "trustedCertificates", message: problem, hint: hint))
        }
        return mistakes
    }

    let token: Secret
    let apiBaseURL: String
    let receiving: Receiving
    let trustedCertificates: String?

    package init(_ values: OptionValues) {
        token = values.secret("token") ?? Secret("")
        apiBaseURL = values.string("apiBaseURL") ?? Self.standardBase
        receiving = values.string("receive").flatMap(Receiving.init) ?? .polling
        trustedCertificates = values.string("trustedCertificates")
    }

    /// What can stand alone in a header; the service says nothing about its form.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 512 && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 }
    }
}
