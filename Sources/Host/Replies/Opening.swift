import SurfaceKit

extension ReplyComposer {
    /// The first words of `text` in bare characters, less at least its last one, and `…`.
    ///
    /// It is what a message begins as before an edit makes it whole, so that a message whose sending is uncertain never
    /// holds a whole text: at most 40 words and 200 characters, `…` alone when there is but one word.
    package static func opening(of text: MessageText) -> MessageText {
        // More than the opening can hold, without reading all of a long text.
        let start = text.source.prefix(4_000)
        let plain = FormattedText(MessageText(String(start), format: text.format)).plainText
        var words = plain.split(maxSplits: 41) { $0.isWhitespace }.prefix(41)
        while let last = words.last, !last.contains(where: { $0.isLetter || $0.isNumber }) { words.removeLast() }
        var length = 0
        let kept = words.dropLast().prefix { word in
            length += word.count + 1
            return length <= 200
        }
        let opening = kept.joined(separator: " ") + "…"
        // A text that is nothing but `…` needs one that is not the same.
        return MessageText(opening == text.source ? "… …" : opening, format: .plain, isPublic: text.isPublic)
    }
}
