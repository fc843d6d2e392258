/// Limits on files that people send.
package struct AttachmentLimits: Hashable, Sendable {
    /// Largest single file, in bytes.
    package let maxBytes: Int
    /// Most files of one message.
    package let maxCount: Int
    /// How long a staged file waits for a text.
    package let keep: Duration

    package init(maxBytes: Int, maxCount: Int, keep: Duration) {
        self.maxBytes = maxBytes
        self.maxCount = maxCount
        self.keep = keep
    }
}
