import Basics
import SurfaceKit

/// `{"id", "author", "text", "files"}`; no `id` when it is not known, no `author` when it was the bot.
extension QuotedMessage {
    var form: JSONObject {
        JSONObject([
            "id": .optional(id?.rawValue), "author": .optional(author), "text": .string(text), "files": files.form,
        ])
    }

    init(_ form: FormReader) throws(StoredFormError) {
        self.init(
            id: try form.optionalText("id").map { MessageID($0) },
            author: try form.optionalText("author"),
            text: try form.text("text"),
            files: try [InboundFile](form, "files")
        )
    }
}
