/// How much work a Markdown source makes, counted before it is parsed.
///
/// cmark-gfm 0.29 reads most texts in a time that grows with their length, and some in one that grows with its square.
/// This counts from above, in one pass for each kind, what those texts would cost: lines within many containers, tables
/// with many columns and few cells, candidates for automatic links, HTML that nothing closes, pictures around links,
/// and references to long definitions. It knows nothing of code blocks and escapes, which can only make it count more.
package struct ParsingCost: Sendable {
    /// Beside its own length, what reading the source costs; in bytes that could be read at the same price.
    package let extra: Int
    /// Bytes of the source.
    package let length: Int

    /// All in all, in bytes.
    package var total: Int { length + extra }

    /// Whether the price grows with the length alone; other sources are shown as they are written.
    package var isLinear: Bool { extra <= Self.mostExtra(length) }

    package init(_ source: String) {
        var source = source
        self = source.withUTF8 { ParsingCost($0) }
    }

    init(_ bytes: Bytes) {
        var containers = ContainerCost()
        var tables = TableCost()
        var words = WordCost()
        var inlines = InlineCost()
        var start = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
            containers.read(start..<end, of: bytes)
            tables.read(start..<end, of: bytes)
            words.read(start..<end, of: bytes)
            start = end + 1
        }
        inlines.read(bytes)
        length = bytes.count
        extra = (containers.cost + tables.cost + words.cost + inlines.cost) / Self.visitsPerByte
    }

    typealias Bytes = UnsafeBufferPointer<UInt8>

    /// The most that a source of `length` bytes may cost beside its length, in bytes.
    package static func mostExtra(_ length: Int) -> Int { 2 * length + 2_048 }

    /// The parts count visits of some 6 ns each, and cmark-gfm reads an ordinary byte in some 200 ns.
    private static let visitsPerByte = 32
}

extension UInt8 {
    /// White space within a line.
    var isBlank: Bool { self == 0x20 || self == 0x09 || (0x0B...0x0D).contains(self) }
}
