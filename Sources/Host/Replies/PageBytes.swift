extension UInt8 {
    var isNewline: Bool { self == UInt8(ascii: "\n") }

    var isSpace: Bool { self == UInt8(ascii: " ") || (0x09...0x0D).contains(self) }

    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    /// A letter or digit of ASCII, or part of a character outside it.
    var isWord: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x80...: true
        default: isDigit
        }
    }
}

extension RandomAccessCollection<UInt8> where Index == Int {
    /// Where the Unicode scalar that lies at `offset` begins.
    func scalarStart(at offset: Int) -> Int {
        var start = offset
        while start > startIndex, start < endIndex, self[start] & 0xC0 == 0x80 { start -= 1 }
        return start
    }
}

// Loops of their own: these are asked for each byte.
extension RandomAccessCollection<UInt8> where Index == Int {
    /// The first line end from `start` on; `end` when there is none.
    func lineEnd(from start: Int, upTo end: Int) -> Int {
        var offset = start
        while offset < end, !self[offset].isNewline { offset += 1 }
        return offset
    }

    /// The first white space from `start` on; `end` when there is none.
    func space(from start: Int, upTo end: Int) -> Int {
        var offset = start
        while offset < end, !self[offset].isSpace { offset += 1 }
        return offset
    }

    /// The first byte from `start` on that is no white space; `end` when there is none.
    func ink(from start: Int, upTo end: Int) -> Int {
        var offset = start
        while offset < end, self[offset].isSpace { offset += 1 }
        return offset
    }
}

extension ArraySlice<UInt8> {
    /// The first elements that satisfy `predicate`, at most `maximum`.
    func prefix(_ maximum: Int, while predicate: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        prefix(maximum).prefix(while: predicate)
    }
}
