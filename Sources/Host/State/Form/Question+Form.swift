import Basics
import SurfaceKit

/// `{"text", "files", "quote", "speaker"}`; no `quote` and no `speaker` when there is none.
extension Question: StoredForm {
    package static let formName = "question"

    package func form() -> JSONObject {
        JSONObject([
            "text": .string(text), "files": files.form, "quote": quote.map { .object($0.form) },
            "speaker": .optional(speaker),
        ])
    }

    package init(_ form: FormReader) throws(StoredFormError) {
        let quote = try form.optional("quote")
        self.init(
            text: try form.text("text"),
            files: try [InboundFile](form, "files"),
            quote: try quote.map { quote throws(StoredFormError) in try QuotedMessage(quote) },
            speaker: try form.optionalText("speaker")
        )
    }
}
