/// The bytes of a text that may grow, with `\n` for every line end.
struct PageSource: Sendable {
    private var all: [UInt8] = []
    private var endsInReturn = false
    /// Bytes of the text as it was given.
    private(set) var given = 0
    /// The bytes without white space at the end.
    private(set) var count = 0

    var bytes: ArraySlice<UInt8> { all[..<count] }

    mutating func append(_ text: Substring.UTF8View) {
        for byte in text {
            defer { endsInReturn = byte == UInt8(ascii: "\r") }
            if byte.isNewline, endsInReturn { continue }
            all.append(byte == UInt8(ascii: "\r") ? UInt8(ascii: "\n") : byte)
            if !byte.isSpace { count = all.count }
        }
        given += text.count
    }
}
