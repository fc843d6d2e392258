import SurfaceKit

/// The kinds of surfaces that this program knows.
package struct SurfaceCatalog: Sendable {
    /// One kind.
    package struct Entry: Sendable {
        package let kind: SurfaceKind
        package let fields: [ManifestField]
        private let maker: @Sendable (OptionValues, SurfaceContext) -> any Surface
        private let optionFields: [OptionField]
        private let options: any SurfaceOptions.Type

        package init<S: Surface>(_ type: S.Type) {
            kind = type.kind
            options = S.Options.self
            optionFields = S.Options.fields
            fields = optionFields.map(ManifestField.init)
            maker = { S(options: S.Options($0), context: $1) }
        }

        package var accounts: AccountForm { options.accounts }

        package func contradictions(in values: OptionValues) -> [OptionMistake] { options.contradictions(in: values) }

        package func needsWebhook(_ values: OptionValues) -> Bool { options.needsWebhook(values) }

        package func make(_ values: OptionValues, _ context: SurfaceContext) -> any Surface {
            maker(values, context)
        }

        /// Where `values` say that the surface connects to.
        package func addresses(in values: OptionValues) -> [String] {
            optionFields.compactMap { field in
                guard case .address = field.form else { return nil }
                return values.string(field.key)
            }
        }

        /// The path of the authorities that are trusted beside the system’s.
        package func authorities(in values: OptionValues) -> String? {
            optionFields.lazy.compactMap { field in
                guard case .authorities = field.form else { return nil }
                return values.string(field.key)
            }.first
        }
    }

    package let entries: [Entry]

    package init(_ types: [any Surface.Type]) {
        entries = types.map { Entry($0) }
    }

    package var kinds: [String] { entries.map(\.kind.rawValue) }

    package subscript(kind: String) -> Entry? { entries.first { $0.kind.rawValue == kind } }
}
