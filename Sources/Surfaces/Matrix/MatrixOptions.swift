import Basics
import SurfaceKit

/// What stands under `options` for a surface of kind `matrix`.
package struct MatrixOptions: SurfaceOptions {
    /// How the bot proves who it is.
    enum Credentials: Sendable {
        case accessToken(Secret)
        /// `user` is a local part or a whole Matrix identifier.
        case password(user: String, Secret)
    }

    package static let fields = [
        OptionField(
            "homeserver",
            .address(schemes: ["https", "http"]),
            required: true,
            summary: "Base address of the homeserver's client API, for example https://matrix.example.org."
        ),
        OptionField("accessToken", .secret, summary: "Access token of the bot's account."),
        OptionField("user", .string, summary: "User name of the bot's account, together with password."),
        OptionField("password", .secret, summary: "Password of the bot's account; used once, the device is kept."),
        OptionField(
            "autoJoin",
            .choice(["allowed", "never"]),
            fallback: "allowed",
            summary: "Whether invitations of people who have access are accepted."
        ),
    ]

    package static let accounts = AccountForm(example: "@name:example.org") { text in
        let parts = text.split(separator: ":", maxSplits: 1)
        return text.hasPrefix("@") && parts.count == 2 && parts[0].utf8.count > 1
    }

    package static func needsWebhook(_ values: OptionValues) -> Bool { false }

    package static func contradictions(in values: OptionValues) -> [OptionMistake] {
        let hint = "give either \"accessToken\", or \"user\" and \"password\""
        let (user, password) = (values.has("user"), values.has("password"))
        if values.has("accessToken") {
            return [("user", user), ("password", password)].filter(\.1).map { key, _ in
                OptionMistake(key: key, message: "contradicts \"accessToken\"", hint: hint)
            }
        }
        switch (user, password) {
        case (true, true): return []
        case (true, false): return [OptionMistake(key: "user", message: "needs \"password\"", hint: hint)]
        case (false, true): return [OptionMistake(key: "password", message: "needs \"user\"", hint: hint)]
        case (false, false): return [OptionMistake(key: nil, message: "no credentials", hint: hint)]
        }
    }

    /// Without a slash at the end.
    let homeserver: String
    let credentials: Credentials
    let joinsInvitations: Bool

    package init(_ values: OptionValues) {
        var address = values.string("homeserver") ?? ""
        while address.hasSuffix("/") { address.removeLast() }
        homeserver = address
        if let user = values.string("user"), let password = values.secret("password") {
            credentials = .password(user: user, password)
        } else {
            credentials = .accessToken(values.secret("accessToken") ?? Secret(""))
        }
        joinsInvitations = values.string("autoJoin") != "never"
    }
}
