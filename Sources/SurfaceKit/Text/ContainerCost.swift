/// Counts the quotes and list items that begin with a line, and those that stay open over lines that do not name them:
/// blank ones, and lines that a paragraph goes on with.
struct ContainerCost {
    private(set) var cost = 0
    /// No fewer than are open.
    private var depth = 0
    private var afterBlank = false

    mutating func read(_ line: Range<Int>, of bytes: ParsingCost.Bytes) {
        let prefix = Prefix(line, of: bytes)
        defer { afterBlank = prefix.isBlank }
        if prefix.isBlank {
            cost += 4 * depth
            return
        }
        // An item goes on in a line that is indented by at least two columns more.
        let kept = min(depth, prefix.columns / 2)
        if prefix.marks > 0 {
            depth = kept + prefix.marks
        } else if afterBlank {
            depth = kept
        }
        // What begins with a mark is looked at to its end for each mark.
        cost += 2 * prefix.marks * line.count
        // Each level also writes the line anew when the text is shown.
        cost += 16 * depth
    }

    /// What stands before the content of a line.
    private struct Prefix {
        var columns = 0
        var marks = 0
        var isBlank = true

        init(_ line: Range<Int>, of bytes: ParsingCost.Bytes) {
            var offset = line.lowerBound
            while offset < line.upperBound {
                if bytes[offset].isBlank {
                    columns += bytes[offset] == UInt8(ascii: "\t") ? 4 : 1
                    offset += 1
                    continue
                }
                isBlank = false
                let width = Self.markWidth(bytes, offset..<line.upperBound)
                if width == 0 { return }
                marks += 1
                offset += width
            }
        }

        /// How many bytes the mark of a quote or an item has with which `rest` begins; 0 when it begins with none.
        private static func markWidth(_ bytes: ParsingCost.Bytes, _ rest: Range<Int>) -> Int {
            var end = rest.lowerBound + 1
            switch bytes[rest.lowerBound] {
            case UInt8(ascii: ">"): return 1
            case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "*"): break
            case 0x30...0x39:
                while end < rest.upperBound, end < rest.lowerBound + 10, (0x30...0x39).contains(bytes[end]) { end += 1 }
                guard end < rest.upperBound, bytes[end] == UInt8(ascii: ".") || bytes[end] == UInt8(ascii: ")") else {
                    return 0
                }
                end += 1
            default: return 0
            }
            return end == rest.upperBound || bytes[end].isBlank ? end - rest.lowerBound : 0
        }
    }
}
