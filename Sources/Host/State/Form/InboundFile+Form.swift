import Basics
import SurfaceKit

/// `{"reference", "kind", "name", "mimeType", "size"}`; no `size` when the messenger told none.
///
/// The first form wrote the reference as `{"rawValue": "…"}`.
extension InboundFile: StoredForm {
    package static let formName = "file of a person"

    package func form() -> JSONObject {
        JSONObject([
            "reference": .string(reference.rawValue), "kind": .string(kind.word), "name": .string(name),
            "mimeType": .string(mimeType), "size": size.map { JSONValue($0) },
        ])
    }

    package init(_ form: FormReader) throws(StoredFormError) {
        let reference = try form.member("reference")
        self.init(
            reference: FileReference(try form.version == .first ? reference.text("rawValue") : reference.text()),
            kind: try form.word("kind"),
            name: try form.text("name"),
            mimeType: try form.text("mimeType"),
            size: try form.optional("size")?.number()
        )
    }
}

extension [InboundFile] {
    var form: JSONValue { .array(map { .object($0.form()) }) }

    /// The files of the list `key`; none when it is missing.
    init(_ form: FormReader, _ key: String) throws(StoredFormError) {
        self = try (form.optional(key)?.elements() ?? []).map { element throws(StoredFormError) in
            try InboundFile(element)
        }
    }
}
