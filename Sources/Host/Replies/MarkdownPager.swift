import SurfaceKit

/// Cuts a text that may still grow into messages that are no longer than a messenger takes.
///
/// Cuts between blocks where it can, else between items, lines, rows, sentences, words, and within a word only when
/// nothing else is left. A code block that is cut is closed and opened again, and the rows of a cut table get its head
/// again; apart from that the pages hold the characters of the text, less white space at the cuts.
///
/// A page that is full stays as it is while the text grows, and is never looked at again. The work grows with the
/// length of the text alone: a page takes a bounded number of measurements, and from the page on at which Markdown
/// costs more than it is worth, the text is shown as it is written.
package struct MarkdownPager: Sendable {
    /// The pages of a text, as far as they were asked for.
    package struct Pages: Hashable, Sendable {
        package let texts: [MessageText]
        /// Whether the text goes on behind them.
        package let hasMore: Bool
    }

    private var cutter: PageCutter
    private var source = PageSource()
    private var full: [MessageText] = []
    private var last: MessageText?
    /// How much of the source `full` and `last` hold.
    private var known = 0

    package init(limit: Capabilities.TextLimit, format: MessageText.Format = .markdown, isPublic: Bool = false) {
        cutter = PageCutter(limit: limit, format: format, isPublic: isPublic)
    }

    /// The pages of a text that is complete.
    package static func pages(of text: MessageText, limit: Capabilities.TextLimit) -> [MessageText] {
        pages(of: text, limit: limit, upTo: .max).texts
    }

    /// The first pages of a text that is complete, at most `most`.
    package static func pages(of text: MessageText, limit: Capabilities.TextLimit, upTo most: Int) -> Pages {
        var pager = MarkdownPager(limit: limit, format: text.format, isPublic: text.isPublic)
        pager.append(text.source[...])
        return pager.pages(upTo: most)
    }

    /// How much has been done so far, in bytes that were measured, parsed or searched for places to cut.
    package var work: Int { cutter.work }

    /// Adds to the end of the text.
    package mutating func append(_ text: Substring) { source.append(text.utf8) }

    /// The pages of `source`, which begins with what the pager was given before; none when it shows nothing.
    package mutating func pages(of source: String) -> [MessageText] {
        append(source[source.utf8.index(source.startIndex, offsetBy: self.source.given)...])
        return pages().texts
    }

    /// The pages of what was added, at most `most`, of which the last may still grow; none when nothing is shown.
    package mutating func pages(upTo most: Int = .max) -> Pages {
        layOut(upTo: most)
        let texts = full.count < most ? full + (last.map { [$0] } ?? []) : Array(full.prefix(most))
        let isCut = full.count > most || full.count == most && (last != nil || cutter.offset < source.count)
        return Pages(texts: texts, hasMore: isCut)
    }

    private mutating func layOut(upTo most: Int) {
        guard known != source.count || cutter.offset < source.count && last == nil else { return }
        known = source.count
        last = nil
        while full.count < most, cutter.offset < source.count {
            switch cutter.next(in: source.bytes) {
            case .rest(let text):
                last = text.source.showsSomething ? text : nil
                return
            case .full(let text): if text.source.showsSomething { full.append(text) }
            }
        }
    }
}
