import SurfaceKit

/// Cuts one page after another off the beginning of a text.
struct PageCutter: Sendable {
    enum Page: Sendable {
        /// A page that stays as it is.
        case full(MessageText)
        /// All that is left; it may go on.
        case rest(MessageText)
    }

    private let limit: Capabilities.TextLimit
    private let isPublic: Bool
    private var format: MessageText.Format
    private var cut = PageCut()
    private var budget = PageBudget()
    /// Bytes of the page before.
    private var guess: Int
    private(set) var work = 0

    init(limit: Capabilities.TextLimit, format: MessageText.Format, isPublic: Bool) {
        self.limit = limit
        self.format = format
        self.isPublic = isPublic
        guess = min(max(1, limit.maximum), FormattedText.maximumSourceBytes)
    }

    /// Bytes of the source that are on pages already.
    var offset: Int { cut.offset }

    mutating func next(in source: ArraySlice<UInt8>) -> Page {
        let (window, reach) = window(in: source)
        if window.isWhole, reach == window.bytes.count { return .rest(text(window.bytes[...])) }
        let bytes = Array(window.bytes[..<reach])
        let outline = format == .plain ? MarkdownOutline(plain: bytes) : MarkdownOutline(markdown: bytes)
        if format == .markdown, outline.format == .plain {
            showAsWritten()
            return next(in: source)
        }
        let page = bestPage(of: window, bytes, outline) ?? narrowPage(in: source)
        guess = max(reach - window.openingCount, 1)
        budget.note(looked: max(reach, limit.maximum), advanced: page.next.offset - cut.offset)
        cut = page.next
        if !budget.isKept { showAsWritten() }
        return .full(page.text)
    }

    private mutating func showAsWritten() {
        format = .plain
        cut = PageCut(offset: cut.offset)
    }

    private func text(_ bytes: ArraySlice<UInt8>) -> MessageText {
        MessageText(String(decoding: bytes, as: UTF8.self), format: format, isPublic: isPublic)
    }

    private mutating func size(_ bytes: ArraySlice<UInt8>) -> Int {
        work += bytes.count + 1
        return limit.measure(text(bytes))
    }

    // MARK: How much fits

    /// What lies ahead, and how many bytes of it fit when nothing is closed behind them.
    private mutating func window(in source: ArraySlice<UInt8>) -> (PageWindow, reach: Int) {
        let maximum = max(1_024, FormattedText.maximumSourceBytes - cut.opening.count)
        // Mostly a page takes as much as the one before, and need not look as far as it could.
        let near = self.window(in: source, maximum: min(4 * guess + 64, maximum))
        return near.reach < near.0.bytes.count || near.0.isWhole ? near : self.window(in: source, maximum: maximum)
    }

    private mutating func window(in source: ArraySlice<UInt8>, maximum: Int) -> (PageWindow, reach: Int) {
        let window = PageWindow(source, from: cut, maximum: maximum)
        work += window.bytes.count
        return (window, reach(in: window.bytes))
    }

    private mutating func reach(in bytes: [UInt8]) -> Int {
        var search = PageSearch(count: bytes.count, maximum: limit.maximum, guess: guess + cut.opening.count)
        while let count = search.next { search.note(size(bytes[..<bytes.scalarStart(at: count)])) }
        return bytes.scalarStart(at: search.reach)
    }

    // MARK: One page

    private typealias Cut = (text: MessageText, next: PageCut)

    /// The page that ends at the best place within `bytes`, the beginning of the window that fits.
    private mutating func bestPage(of window: PageWindow, _ bytes: [UInt8], _ outline: MarkdownOutline) -> Cut? {
        work += 2 * bytes.count
        guard bytes.count > window.openingCount else { return nil }
        let breaks = PageBreaks(in: bytes, outline: outline, format: format, after: window.openingCount)
        let half = (window.openingCount + bytes.count) / 2
        // Markdown that shows less as a whole than in parts fits nowhere; a bound keeps that from costing much.
        var patience = 4 * bytes.count + 8_192
        for least in [half, 0] {
            for rank in PageBreak.Rank.allCases where least == 0 || rank != .enclosed {
                let places = breaks.all.filter { $0.rank == rank && $0.end >= least }
                if let page = lastFitting(places, of: window, outline, &patience) { return page }
            }
        }
        work += bytes.count
        return lastFitting(breaks.betweenCharacters, of: window, outline, &patience)
    }

    /// The page that ends at the last of `places` at which it fits; steps back ever faster.
    private mutating func lastFitting(
        _ places: [PageBreak],
        of window: PageWindow,
        _ outline: MarkdownOutline,
        _ patience: inout Int
    ) -> Cut? {
        var index = places.count - 1
        var step = 1
        while index >= 0, patience > 0 {
            patience -= places[index].end
            let seam = PageSeam(at: places[index], in: window, outline)
            let bytes = window.bytes[..<places[index].end] + seam.closing
            if seam.next.offset > cut.offset, size(bytes) <= limit.maximum { return (text(bytes), withRoom(seam.next)) }
            index -= step
            step *= 2
        }
        return nil
    }

    /// `cut` without an opening that would leave little of a page.
    private mutating func withRoom(_ cut: PageCut) -> PageCut {
        guard !cut.opening.isEmpty, size(cut.opening[...]) > limit.maximum / 4 else { return cut }
        return PageCut(offset: cut.offset, opening: [], indents: cut.indents)
    }

    /// A page that ends at any place, for characters that are longer than a page and limits of a few characters.
    private mutating func narrowPage(in source: ArraySlice<UInt8>) -> Cut {
        cut = PageCut(offset: cut.offset)
        let (bare, reach) = window(in: source)
        let first = bare.bytes.dropFirst().firstIndex { $0 & 0xC0 != 0x80 } ?? bare.bytes.count
        let end = max(reach, first)
        return (text(bare.bytes[..<end]), PageCut(offset: cut.offset + end))
    }
}
