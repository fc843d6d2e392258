import SurfaceKit

/// Cuts a text that may still grow into messages that are no longer than a messenger takes.
///
/// Cuts between blocks where it can, else between items, lines, rows, sentences, words, and within a word only when
/// nothing else is left. A code block that is cut is closed and opened again, and the rows of a cut table get its head
/// again; apart from that the pages hold the characters of the text, less white space at the cuts.
///
/// A page that is full stays as it is: give the same pager the same text with more at its end.
package struct MarkdownPager: Sendable {
    private let limit: Capabilities.TextLimit
    private let format: MessageText.Format
    private var isPublic = false
    private var full: [MessageText] = []
    private var cut = PageCut()

    package init(limit: Capabilities.TextLimit, format: MessageText.Format = .markdown) {
        self.limit = limit
        self.format = format
    }

    /// The pages of a text that is complete.
    package static func pages(of text: MessageText, limit: Capabilities.TextLimit) -> [MessageText] {
        var pager = MarkdownPager(limit: limit, format: text.format)
        pager.isPublic = text.isPublic
        return pager.pages(of: text.source)
    }

    /// The pages of `source`, which begins with what the last call was given; none when it shows nothing.
    package mutating func pages(of source: String) -> [MessageText] {
        let source = Array(PageBytes.normalized(source))
        while true {
            let window = PageWindow(source, from: cut, maximum: FormattedText.maximumSourceBytes - cut.opening.count)
            if window.isWhole, fits(window.bytes[...]) {
                return (full + [text(window.bytes[...])]).filter(\.source.showsSomething)
            }
            let page = fullPage(of: window, source)
            full.append(page.text)
            cut = page.next
        }
    }

    private func text(_ bytes: ArraySlice<UInt8>) -> MessageText {
        MessageText(String(decoding: bytes, as: UTF8.self), format: format, isPublic: isPublic)
    }

    private func fits(_ bytes: ArraySlice<UInt8>) -> Bool { limit.measure(text(bytes)) <= limit.maximum }

    // MARK: One page

    private typealias Page = (text: MessageText, next: PageCut)

    private func fullPage(of window: PageWindow, _ source: [UInt8]) -> Page {
        let bytes = Array(window.bytes[..<reach(in: window.bytes)])
        guard bytes.count > window.openingCount else { return narrowPage(of: window, source) }
        let outline = format == .plain ? MarkdownOutline(plain: bytes) : MarkdownOutline(markdown: bytes)
        let breaks = PageBreaks(in: bytes, outline: outline, format: format, after: window.openingCount)
        let half = (window.openingCount + bytes.count) / 2
        for least in [half, 0] {
            for rank in PageBreak.Rank.allCases where least == 0 || rank != .enclosed {
                let places = breaks.all.filter { $0.rank == rank && $0.end >= least }
                if let page = lastFitting(places, of: window, outline) { return page }
            }
        }
        return lastFitting(breaks.betweenCharacters, of: window, outline) ?? narrowPage(of: window, source)
    }

    /// How many bytes fit on a page when nothing is closed behind them.
    private func reach(in bytes: [UInt8]) -> Int {
        var low = 0
        var high = max(1, min(limit.maximum, FormattedText.maximumSourceBytes))
        // Doubling keeps the price of a page from growing with the text behind it.
        while high <= bytes.count, fits(bytes[..<bytes.scalarStart(at: high)]) {
            low = high
            high *= 2
        }
        while high - low > 1 {
            let middle = (low + high) / 2
            let doesFit = middle <= bytes.count && fits(bytes[..<bytes.scalarStart(at: middle)])
            if doesFit { low = middle } else { high = middle }
        }
        return bytes.scalarStart(at: low)
    }

    /// The page that ends at the last of `places` at which it fits; steps back ever faster.
    private func lastFitting(_ places: [PageBreak], of window: PageWindow, _ outline: MarkdownOutline) -> Page? {
        var index = places.count - 1
        var step = 1
        while index >= 0 {
            let seam = PageSeam(at: places[index], in: window, outline)
            let bytes = window.bytes[..<places[index].end] + seam.closing
            if fits(bytes) { return (text(bytes), withRoom(seam.next)) }
            index -= step
            step *= 2
        }
        return nil
    }

    /// `cut` without an opening that would leave little of a page.
    private func withRoom(_ cut: PageCut) -> PageCut {
        guard limit.measure(text(cut.opening[...])) > limit.maximum / 4 else { return cut }
        return PageCut(offset: cut.offset, opening: [], indents: cut.indents)
    }

    /// A page that ends at any place, for characters that are longer than a page and limits of a few characters.
    private func narrowPage(of window: PageWindow, _ source: [UInt8]) -> Page {
        let bare = PageWindow(source, from: PageCut(offset: cut.offset), maximum: FormattedText.maximumSourceBytes)
        let first = bare.bytes.dropFirst().firstIndex { $0 & 0xC0 != 0x80 } ?? bare.bytes.count
        let end = max(reach(in: bare.bytes), first)
        return (text(bare.bytes[..<end]), PageCut(offset: cut.offset + end))
    }
}
