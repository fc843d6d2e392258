/// What the cutting of pages asks of bytes.
enum PageBytes {
    /// The bytes of `source` with `\n` for every line end, without white space at the end.
    static func normalized(_ source: String) -> [UInt8] {
        var bytes = Array(source.utf8)
        if bytes.contains(UInt8(ascii: "\r")) {
            let before = [nil] + bytes.map(Optional.some)
            bytes = zip(before, bytes).compactMap { before, byte in
                if byte == UInt8(ascii: "\r") { return UInt8(ascii: "\n") }
                return byte.isNewline && before == UInt8(ascii: "\r") ? nil : byte
            }
        }
        while bytes.last?.isSpace == true { bytes.removeLast() }
        return bytes
    }
}

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

extension [UInt8] {
    /// Where the Unicode scalar that lies at `offset` begins.
    func scalarStart(at offset: Int) -> Int {
        var start = offset
        while start > 0, start < count, self[start] & 0xC0 == 0x80 { start -= 1 }
        return start
    }
}

extension ArraySlice<UInt8> {
    /// The first elements that satisfy `predicate`, at most `maximum`.
    func prefix(_ maximum: Int, while predicate: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        prefix(maximum).prefix(while: predicate)
    }
}
