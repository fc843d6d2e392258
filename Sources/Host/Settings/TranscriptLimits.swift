/// Limits on the transcript that goes with a request.
package struct TranscriptLimits: Hashable, Sendable {
    package let messages: Int
    /// Of text, in UTF-8.
    package let bytes: Int
    /// Of all files together.
    package let fileBytes: Int

    package init(messages: Int, bytes: Int, fileBytes: Int) {
        self.messages = messages
        self.bytes = bytes
        self.fileBytes = fileBytes
    }
}
