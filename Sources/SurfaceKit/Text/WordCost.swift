/// Counts what may be an automatic link, each of which is read to the end of the word and back.
struct WordCost {
    private(set) var cost = 0
    private var length = 0
    private var links = 0
    private var marks = 0
    /// The last four bytes of the word.
    private var tail: UInt32 = 0

    mutating func read(_ line: Range<Int>, of bytes: ParsingCost.Bytes) {
        for offset in line {
            if bytes[offset].isBlank { end() } else { add(bytes[offset]) }
        }
        end()
    }

    private mutating func add(_ byte: UInt8) {
        length += 1
        tail = tail << 8 | UInt32(byte)
        switch byte {
        case UInt8(ascii: "@"), UInt8(ascii: ")"): marks += 1
        // `www.`
        case UInt8(ascii: ".") where tail == 0x7777_772E: links += 1
        // `://`
        case UInt8(ascii: "/") where tail & 0xFF_FFFF == 0x3A_2F2F: links += 1
        default: break
        }
    }

    private mutating func end() {
        cost += (4 * links + marks) * length / 4
        (length, links, marks, tail) = (0, 0, 0, 0)
    }
}
