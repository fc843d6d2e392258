import SurfaceKit

extension ReplyComposer {
    /// The beginning of the first block of `text`, in the form in which it will be shown, less at least the last word of
    /// all, and `…`.
    ///
    /// It is what a message begins as before an edit makes it whole, so that a message whose sending is uncertain never
    /// holds a whole text: at most 40 words and 200 characters, `…` alone when there is but one word.
    package static func opening(of text: MessageText) -> MessageText {
        let all = Opening.blocks(of: text)
        // A text that is nothing but `…` needs one that is not the same.
        let bare = MessageText(
            Opening.words(of: all) == ["…"] ? "… …" : "…",
            format: .plain,
            isPublic: text.isPublic
        )
        let blocks = all.drop { Opening.words(of: [$0]).isEmpty }
        guard let first = blocks.first else { return bare }
        var words = Opening.words(of: [first])
        if !blocks.dropFirst().contains(where: { Opening.words(of: [$0]).contains(where: Opening.isSpoken) }) {
            // It is all that there is.
            while let last = words.last, !Opening.isSpoken(last) { words.removeLast() }
            _ = words.popLast()
        }
        var count = min(words.count, Opening.mostWords)
        while count > 0 {
            let opening = Opening(block: first, upTo: words[count - 1])
            if opening.isShort { return opening.text(isPublic: text.isPublic) }
            count -= 1
        }
        return bare
    }
}

/// The beginning of a block, with `…` where it was cut.
private struct Opening {
    static let mostWords = 40
    private static let mostCharacters = 200

    private let content: FormattedText
    private let plain: String

    /// Takes the words of `block` up to `last`, one of them.
    init(block: FormattedText.Block, upTo last: Substring) {
        let scalars = last.base[..<last.endIndex].unicodeScalars.count
        content = FormattedText(blocks: BlockCut.beginning(of: [block], scalars: scalars))
        plain = content.plainText
    }

    var isShort: Bool {
        plain.count <= Self.mostCharacters && plain.split(whereSeparator: \.isWhitespace).count <= Self.mostWords
    }

    func text(isPublic: Bool) -> MessageText {
        let source = needsMarkdown ? MarkdownWriter.source(of: content) : plain
        // What cannot be written so that it reads the same goes without its form.
        let isMarkdown = needsMarkdown && FormattedText(markdown: source) == content
        return MessageText(isMarkdown ? source : plain, format: isMarkdown ? .markdown : .plain, isPublic: isPublic)
    }

    private var needsMarkdown: Bool {
        guard content.blocks.count == 1, case .paragraph(let inlines) = content.blocks[0] else { return true }
        return !inlines.allSatisfy { inline in
            switch inline {
            case .text, .lineBreak, .softBreak: true
            default: false
            }
        }
    }

    /// The blocks at the beginning of `text`: more than an opening can hold, without reading all of a long text.
    static func blocks(of text: MessageText) -> [FormattedText.Block] {
        let start = String(text.source.unicodeScalars.prefix(4_000))
        guard text.format == .plain else { return FormattedText(markdown: start).blocks }
        return start.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .split { $0.allSatisfy(\.isWhitespace) }
            .flatMap { FormattedText(plain: $0.joined(separator: "\n")).blocks }
    }

    static func words(of blocks: [FormattedText.Block]) -> [Substring] {
        BlockCut.words(of: blocks).split(maxSplits: 4_000, whereSeparator: \.isWhitespace)
    }

    /// Whether a word is more than punctuation.
    static func isSpoken(_ word: Substring) -> Bool { word.contains { $0.isLetter || $0.isNumber } }
}
