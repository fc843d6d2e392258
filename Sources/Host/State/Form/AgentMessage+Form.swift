import AgentLink
import Basics

/// `{"id", "role", "parts"}`, each part `{"text": "…"}` or
/// `{"file": {"kind", "mimeType", "name", "source": {"path" | "data" | "url": "…"}}}`.
///
/// A path is a ``StoredPath``; data are base64, in the first form a list of numbers.
extension AgentMessage: StoredForm {
    package static let formName = "message of a transcript"

    package func form() throws(StoredFormError) -> JSONObject {
        let parts = try parts.map { part throws(StoredFormError) in JSONValue.object(try part.form()) }
        return JSONObject(["id": .string(id), "role": .string(role.word), "parts": .array(parts)])
    }

    package init(_ form: FormReader) throws(StoredFormError) {
        self.init(
            id: try form.text("id"),
            role: try form.word("role"),
            parts: try form.member("parts").elements().map { part throws(StoredFormError) in try AgentPart(part) }
        )
    }
}

extension AgentPart {
    fileprivate func form() throws(StoredFormError) -> JSONObject {
        switch self {
        case .text(let text): JSONObject(["text": .string(text)])
        case .file(let file): JSONObject(["file": .object(try file.form())])
        }
    }

    fileprivate init(_ form: FormReader) throws(StoredFormError) {
        let (key, payload) = try form.oneCase(of: ["text", "file"])
        self = key == "text" ? .text(try payload.text()) : .file(try AgentFile(payload))
    }
}

extension AgentFile {
    fileprivate func form() throws(StoredFormError) -> JSONObject {
        JSONObject([
            "kind": .string(kind.word), "mimeType": .string(mimeType), "name": .string(name),
            "source": .object(try source.form()),
        ])
    }

    fileprivate init(_ form: FormReader) throws(StoredFormError) {
        self.init(
            kind: try form.word("kind"),
            source: try Source(try form.member("source")),
            mimeType: try form.text("mimeType"),
            name: try form.text("name")
        )
    }
}

extension AgentFile.Source {
    fileprivate func form() throws(StoredFormError) -> JSONObject {
        switch self {
        case .path(let path):
            guard let path = StoredPath(path) else {
                throw StoredFormError(value: AgentMessage.formName, field: "source.path", fault: .outside)
            }
            return JSONObject(["path": .string(path.text)])
        case .data(let bytes): return JSONObject(["data": .string(StoredBytes.text(bytes))])
        case .url(let address): return JSONObject(["url": .string(address)])
        }
    }

    fileprivate init(_ form: FormReader) throws(StoredFormError) {
        let (key, payload) = try form.oneCase(of: ["path", "data", "url"])
        switch key {
        case "path": self = .path(try payload.filePath().text)
        case "data": self = .data(try payload.bytes())
        default: self = .url(try payload.text())
        }
    }
}
