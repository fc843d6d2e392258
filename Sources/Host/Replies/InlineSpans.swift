/// Which places of a paragraph lie within a link, a code span or emphasis.
///
/// Finds them from left to right, so that a span counts from its opening on, also while its end has not been written.
struct InlineSpans {
    private let bytes: ArraySlice<UInt8>
    /// Whether the paragraph may go on behind `bytes`.
    private let isOpen: Bool
    /// For each byte by how much more spans it is enclosed than the byte before.
    private var steps: [Int]
    private var openers = SpanOpeners()
    private let matches: SpanMatches

    private init(_ bytes: ArraySlice<UInt8>, isOpen: Bool) {
        self.bytes = bytes
        self.isOpen = isOpen
        steps = Array(repeating: 0, count: bytes.count + 1)
        matches = SpanMatches(in: bytes)
    }

    /// For each byte of `bytes` whether a cut before it would cut a span.
    static func enclosed(in bytes: ArraySlice<UInt8>, isOpen: Bool) -> [Bool] {
        var spans = InlineSpans(bytes, isOpen: isOpen)
        spans.scan()
        var depth = 0
        return spans.steps.map { step in
            depth += step
            return depth > 0
        }
    }

    private mutating func scan() {
        var offset = bytes.startIndex
        while offset < bytes.endIndex {
            switch bytes[offset] {
            case UInt8(ascii: "\\"): offset += 2
            case UInt8(ascii: "`"): offset = code(at: offset)
            case UInt8(ascii: "["):
                openers.append(UInt8(ascii: "["), at: offset)
                offset += 1
            case UInt8(ascii: "]"): offset = link(at: offset)
            case UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "~"): offset = emphasis(at: offset)
            default: offset += 1
            }
        }
        if isOpen { for opener in openers.all { enclose(opener.offset, bytes.endIndex) } }
    }

    private mutating func enclose(_ start: Int, _ end: Int) {
        steps[start + 1 - bytes.startIndex] += 1
        steps[min(end, bytes.endIndex) - bytes.startIndex] -= 1
    }

    private func run(at offset: Int) -> Range<Int> {
        offset..<(offset + bytes[offset...].prefix { $0 == bytes[offset] }.count)
    }

    private mutating func code(at offset: Int) -> Int {
        let opening = run(at: offset)
        if let end = matches.endOfCode(from: opening) {
            enclose(offset, end)
            return end
        }
        guard isOpen else { return opening.upperBound }
        enclose(offset, bytes.endIndex)
        return bytes.endIndex
    }

    private mutating func link(at offset: Int) -> Int {
        guard let start = openers.close(UInt8(ascii: "[")) else { return offset + 1 }
        guard offset + 1 < bytes.endIndex, bytes[offset + 1] == UInt8(ascii: "(") else {
            enclose(start, offset + 1)
            return offset + 1
        }
        let end = matches.parentheses[offset + 1] ?? (isOpen ? bytes.endIndex : offset + 1)
        enclose(start, end)
        return end
    }

    private mutating func emphasis(at offset: Int) -> Int {
        let run = run(at: offset)
        let mark = bytes[offset]
        let before = offset > bytes.startIndex ? bytes[offset - 1] : UInt8(ascii: " ")
        let after = run.upperBound < bytes.endIndex ? bytes[run.upperBound] : UInt8(ascii: " ")
        let isWordInside = mark == UInt8(ascii: "_") && before.isWord && after.isWord
        if isWordInside { return run.upperBound }
        if !before.isSpace, let start = openers.close(mark) {
            enclose(start, run.upperBound)
        } else if !after.isSpace {
            openers.append(mark, at: offset)
        }
        return run.upperBound
    }
}
