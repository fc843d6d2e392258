/// The place up to which a source has been cut into pages, and how the next page takes up what was interrupted.
struct PageCut: Hashable, Sendable {
    /// Bytes of the source that are on pages already.
    var offset = 0
    /// What the next page begins with before the source goes on: a fence, the head of a table, marks of a quote.
    var opening: [UInt8] = []
    /// The columns at which the interrupted list items have their content, from outside.
    var indents: [Int] = []
}

/// The source from a cut on, as a page would show it: the opening, then lines without the indentation of interrupted
/// items, which on a page without the items would make them code.
struct PageWindow {
    private(set) var bytes: [UInt8]
    /// Whether the source ends here.
    let isWhole: Bool
    let openingCount: Int

    /// A line of the source, or the rest of one.
    private struct Stretch {
        let here: Int
        /// Where it begins in the source, with and without its indentation.
        let line: Int
        let content: Int
        /// The interrupted items to which it belongs.
        let indents: ArraySlice<Int>
    }

    private var stretches: [Stretch] = []

    /// Takes at most `maximum` bytes of `source` from `cut` on.
    init(_ source: ArraySlice<UInt8>, from cut: PageCut, maximum: Int) {
        let end = source.scalarStart(at: min(source.count, cut.offset + maximum))
        bytes = cut.opening
        openingCount = cut.opening.count
        isWhole = end == source.count
        var indents = cut.indents[...]
        var start = cut.offset
        while start < end {
            let line = source[start..<source.lineEnd(from: start, upTo: end)]
            let isWholeLine = start == 0 || source[start - 1].isNewline
            let depth = indents.count
            let content = isWholeLine ? Self.outdented(line, &indents) : line
            // Without its list, an item with a number would only go on with the paragraph above.
            if indents.count < depth, content.first?.isDigit == true { bytes.append(UInt8(ascii: "\n")) }
            stretches.append(Stretch(here: bytes.count, line: start, content: content.startIndex, indents: indents))
            bytes += content
            if line.endIndex < end { bytes.append(UInt8(ascii: "\n")) }
            start = line.endIndex + 1
        }
    }

    /// The cut that makes the next page go on at `offset` of this window, within items that have `indents` here.
    func cut(at offset: Int, opening: [UInt8], indents: [Int]) -> PageCut {
        guard let stretch = stretches.last(where: { $0.here <= offset }) else { return PageCut() }
        let outer = stretch.indents.last ?? 0
        return PageCut(
            // A whole line takes its indentation along, which tells the next window to what it belongs.
            offset: offset == stretch.here ? stretch.line : stretch.content + offset - stretch.here,
            opening: opening,
            indents: stretch.indents + indents.map { $0 + outer }
        )
    }

    /// `line` without the indentation of the items in which it lies; the others leave `indents`.
    private static func outdented(_ line: ArraySlice<UInt8>, _ indents: inout ArraySlice<Int>) -> ArraySlice<UInt8> {
        if indents.isEmpty { return line }
        let spaces = line.prefix { $0 == UInt8(ascii: " ") }
        if spaces.endIndex < line.endIndex {
            while let last = indents.last, last > spaces.count { indents.removeLast() }
        }
        return line.dropFirst(min(spaces.count, indents.last ?? 0))
    }
}
