import SurfaceKit

/// The kinds of surfaces that this program knows.
package struct SurfaceCatalog: Sendable {
    /// One kind.
    struct Entry: Sendable {
        let kind: SurfaceKind
        let fields: [ManifestField]
        let accounts: AccountForm
        let contradictions: @Sendable (OptionValues) -> [OptionMistake]
        let needsWebhook: @Sendable (OptionValues) -> Bool
        let make: @Sendable (OptionValues, SurfaceContext) -> any Surface

        init<S: Surface>(_ type: S.Type) {
            kind = type.kind
            fields = S.Options.fields.map(ManifestField.init)
            accounts = S.Options.accounts
            contradictions = { S.Options.contradictions(in: $0) }
            needsWebhook = { S.Options.needsWebhook($0) }
            make = { S(options: S.Options($0), context: $1) }
        }
    }

    let entries: [Entry]

    package init(_ types: [any Surface.Type]) {
        entries = types.map { Entry($0) }
    }

    var kinds: [String] { entries.map(\.kind.rawValue) }

    subscript(kind: String) -> Entry? { entries.first { $0.kind.rawValue == kind } }
}
