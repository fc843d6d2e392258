import Basics
import SurfaceKit

/// What a value of the manifest may be.
///
/// One declaration serves the check of a manifest and the JSON Schema.
package indirect enum ManifestForm: Sendable {
    /// A string that is not empty and holds no control character.
    case text
    case choice([String])
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case boolean
    /// A surface’s id.
    case identifier
    /// An absolute URL of one of these schemes, without credentials, query or fragment.
    case address(schemes: [String])
    /// An address, or the variable that holds it and may be unset.
    case agentAddress
    /// What is joined to the agent’s address.
    case agentPath
    /// `{"env": "NAME"}` or `{"file": "PATH"}`.
    case secret
    /// A proxy’s address, or a secret that holds one.
    case proxy
    /// A folder or file that need not exist.
    case path
    /// A file that must be readable.
    case file
    /// An IP address and a port.
    case listener
    case list(ManifestForm)
    case section([ManifestField])
    /// The array of surfaces, whose options depend on their kind.
    case surfaces
    /// Checked elsewhere.
    case options
}

/// One key of the manifest.
package struct ManifestField: Sendable {
    package let key: String
    package let form: ManifestForm
    package let required: Bool
    /// What counts when the key is absent, as it would be written.
    package let fallback: JSONValue?
    /// One sentence for the schema.
    package let summary: String

    package init(
        _ key: String,
        _ form: ManifestForm,
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

    package init(_ option: OptionField) {
        let form: ManifestForm =
            switch option.form {
            case .string: .text
            case .address(let schemes): .address(schemes: schemes)
            case .secret: .secret
            case .boolean: .boolean
            case .choice(let choices): .choice(choices)
            case .authorities: .file
            }
        self.init(
            option.key,
            form,
            required: option.required,
            fallback: option.fallback,
            summary: option.summary
        )
    }
}
