import Basics

/// The typed options of one kind of surface: what stands under `options` in the manifest.
///
/// The host checks keys, types and ranges by ``fields`` before it makes a value, and generates the JSON Schema and the
/// reference from them, so that there is one declaration of each option.
package protocol SurfaceOptions: Sendable {
    static var fields: [OptionField] { get }

    /// How accounts are written in `access.users`.
    static var accounts: AccountForm { get }

    /// What is wrong between fields that are each right, for example two that exclude each other.
    static func contradictions(in values: OptionValues) -> [OptionMistake]

    /// Whether the messenger posts to ``SurfaceContext/webhook``, which needs `webhooks.publicURL`.
    static func needsWebhook(_ values: OptionValues) -> Bool

    /// Takes values that have passed ``fields`` and ``contradictions(in:)``.
    init(_ values: OptionValues)
}

/// How a messenger names an account: the form of ``PersonID``.
package struct AccountForm: Sendable {
    /// For the hint of a mistake.
    package let example: String
    /// Whether a text can name an account; one that cannot would silently let nobody in.
    package let matches: @Sendable (String) -> Bool

    package init(example: String, matches: @escaping @Sendable (String) -> Bool) {
        self.example = example
        self.matches = matches
    }
}

/// One key under `options`.
package struct OptionField: Sendable {
    package enum Form: Sendable {
        case string
        /// An absolute URL of one of these schemes, without credentials, query or fragment; given without slashes at
        /// its end.
        case address(schemes: [String])
        case secret
        case boolean
        case choice([String])
        /// The path of a PEM file of authorities that are trusted beside the system’s, relative to the manifest.
        case authorities
    }

    package let key: String
    package let form: Form
    package let required: Bool
    /// What counts when the key is absent, as it would be written.
    package let fallback: JSONValue?
    /// One sentence for the schema and the reference.
    package let summary: String

    package init(
        _ key: String,
        _ form: Form,
        required: Bool = false,
        fallback: JSONValue? = nil,
        summary: String
    ) {
        self.key = key
        self.form = form
        self.required = required
        self.fallback = fallback
        self.summary = summary
    }
}

/// The options of one surface, checked; fallbacks filled in.
package struct OptionValues: Sendable {
    package enum Value: Sendable, Hashable {
        case string(String)
        case secret(Secret)
        /// Given, but its variable or file is missing; only for a disabled surface.
        case missingSecret
        case boolean(Bool)
    }

    private let values: [String: Value]

    package init(_ values: [String: Value]) { self.values = values }

    /// Whether the manifest gives `key`, or it has a fallback.
    package func has(_ key: String) -> Bool { values[key] != nil }

    /// Text, address, choice or absolute path.
    package func string(_ key: String) -> String? { if case .string(let value) = values[key] { value } else { nil } }
    package func secret(_ key: String) -> Secret? { if case .secret(let value) = values[key] { value } else { nil } }
    package func boolean(_ key: String) -> Bool? { if case .boolean(let value) = values[key] { value } else { nil } }
}

/// A mistake under `options`.
package struct OptionMistake: Hashable, Sendable {
    /// The key at fault; `nil` for the options as a whole.
    package let key: String?
    package let message: String
    /// What would be right.
    package let hint: String?

    package init(key: String?, message: String, hint: String?) {
        self.key = key
        self.message = message
        self.hint = hint
    }
}
