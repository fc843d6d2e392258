/// Counts the cells of long rows, those that tables add to short ones, and how often a paragraph is read again as the
/// head of a table.
struct TableCost {
    private(set) var cost = 0
    /// Bytes of the paragraph so far, and cells in it.
    private var paragraph = 0
    private var cells = 0
    /// No fewer than the table has that may be open.
    private var columns = 0

    mutating func read(_ line: Range<Int>, of bytes: ParsingCost.Bytes) {
        var shape = Shape()
        for offset in line { shape.add(bytes[offset]) }
        guard !shape.isBlank else {
            (paragraph, cells, columns) = (0, 0, 0)
            return
        }
        // Each cell looks for its place behind all others of its row.
        cost += 64 * max(0, columns - shape.cells) + shape.cells * shape.cells / 4
        if shape.mayDelimit {
            cost += 8 * paragraph + cells * cells / 4
            columns = max(columns, shape.dashes)
        }
        paragraph += line.count + 1
        cells += shape.cells
    }

    private struct Shape {
        var isBlank = true
        /// Whether the line may stand between the head of a table and its rows.
        ///
        /// Hyphens alone under a paragraph make a heading of it.
        var mayDelimit: Bool { dashes > 0 && !hasOthers && (pipes > 0 || hasColon) }
        /// Runs of hyphens.
        var dashes = 0
        /// No more cells than the line has.
        var cells: Int { max(0, pipes + 1 - (beginsInPipe ? 1 : 0) - (last == UInt8(ascii: "|") ? 1 : 0)) }

        private var pipes = 0
        private var beginsInPipe = false
        private var hasColon = false
        private var hasOthers = false
        private var last: UInt8 = 0

        mutating func add(_ byte: UInt8) {
            if byte.isBlank {
                // A hyphen behind a space counts as a run of its own.
                if last == UInt8(ascii: "-") { last = 0 }
                return
            }
            defer {
                isBlank = false
                last = byte
            }
            switch byte {
            case UInt8(ascii: "|") where last != UInt8(ascii: "\\"):
                pipes += 1
                if isBlank { beginsInPipe = true }
            case UInt8(ascii: "-"): if last != UInt8(ascii: "-") { dashes += 1 }
            // Marks of quotes and items may stand before it.
            case UInt8(ascii: ":"): hasColon = true
            case UInt8(ascii: "|"), UInt8(ascii: ">"), UInt8(ascii: "+"), UInt8(ascii: "*"): break
            case UInt8(ascii: "."), UInt8(ascii: ")"), 0x30...0x39: break
            default: hasOthers = true
            }
        }
    }
}
