import Basics
import SurfaceKit

/// What stands under `options` for a surface of kind `@NAME@`.
package struct @MODULE@Options: SurfaceOptions {
    package static let fields = [
        OptionField("token", .secret, required: true, summary: "The bot's token.")
    ]

    package static let accounts = AccountForm(example: "123456789") { !$0.isEmpty }

    package static func contradictions(in values: OptionValues) -> [OptionMistake] { [] }

    package static func needsWebhook(_ values: OptionValues) -> Bool { false }

    let token: Secret

    package init(_ values: OptionValues) {
        token = values.secret("token") ?? Secret("")
    }
}
