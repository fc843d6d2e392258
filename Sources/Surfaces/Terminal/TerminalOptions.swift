import Basics
import SurfaceKit

/// What stands under `options` for a surface of kind `terminal`.
package struct TerminalOptions: SurfaceOptions {
    package static let fields = [
        OptionField("name", .string, fallback: "agent", summary: "What stands above each answer on the terminal."),
        OptionField(
            "downloads",
            .string,
            fallback: "~/Downloads",
            summary: "The folder in which files of the agent are saved: an absolute path, or one that begins with ~/."
        ),
    ]

    package static let accounts = AccountForm(example: person.rawValue) { $0 == person.rawValue }

    /// Whoever sits at the terminal.
    static let person: PersonID = "operator"

    package static func contradictions(in values: OptionValues) -> [OptionMistake] {
        guard let folder = values.string("downloads"), !folder.hasPrefix("/"), !folder.hasPrefix("~/") else {
            return []
        }
        return [
            OptionMistake(
                key: "downloads",
                message: "must be an absolute path, or begin with ~/",
                hint: "the host may be started in any folder"
            )
        ]
    }

    package static func needsWebhook(_ values: OptionValues) -> Bool { false }

    let name: String
    let downloads: String

    package init(_ values: OptionValues) {
        name = values.string("name") ?? "agent"
        downloads = values.string("downloads") ?? "~/Downloads"
    }
}
