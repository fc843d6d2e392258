import Basics
import SurfaceKit

/// `{"text": {"source", "format", "public"}}` or `{"file": {"path", "kind", "name", "mimeType", "size"}}`.
///
/// The first form called `public` `isPublic`; its oldest rows have neither: then the text is not.
extension MessageContent: StoredForm {
    package static let formName = "message content"

    package func form() throws(StoredFormError) -> JSONObject {
        switch self {
        case .text(let text): JSONObject(["text": .object(text.form)])
        case .file(let file): JSONObject(["file": .object(try file.form())])
        }
    }

    package init(_ form: FormReader) throws(StoredFormError) {
        let (key, payload) = try form.oneCase(of: ["text", "file"])
        self = key == "text" ? .text(try MessageText(payload)) : .file(try OutboundFile(payload))
    }
}

extension MessageText {
    fileprivate var form: JSONObject {
        JSONObject(["source": .string(source), "format": .string(format.word), "public": .bool(isPublic)])
    }

    fileprivate init(_ form: FormReader) throws(StoredFormError) {
        self.init(
            try form.text("source"),
            format: try form.word("format"),
            isPublic: try form.optional(form.version == .first ? "isPublic" : "public")?.flag() ?? false
        )
    }
}

extension OutboundFile {
    fileprivate func form() throws(StoredFormError) -> JSONObject {
        guard let path = StoredPath(path) else {
            throw StoredFormError(value: MessageContent.formName, field: "file.path", fault: .outside)
        }
        return JSONObject([
            "path": .string(path.text), "kind": .string(kind.word), "name": .string(name),
            "mimeType": .string(mimeType), "size": JSONValue(size),
        ])
    }

    fileprivate init(_ form: FormReader) throws(StoredFormError) {
        self.init(
            path: try form.member("path").filePath().text,
            kind: try form.word("kind"),
            name: try form.text("name"),
            mimeType: try form.text("mimeType"),
            size: try form.member("size").number()
        )
    }
}
