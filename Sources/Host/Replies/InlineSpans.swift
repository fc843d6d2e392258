/// Which places of a paragraph lie within a link, a code span or emphasis.
///
/// Finds them from left to right, so that a span counts from its opening on, also while its end has not been written.
struct InlineSpans {
    private let bytes: ArraySlice<UInt8>
    /// Whether the paragraph may go on behind `bytes`.
    private let isOpen: Bool
    /// For each byte by how much more spans it is enclosed than the byte before.
    private var steps: [Int]
    private var openers: [(mark: UInt8, offset: Int)] = []

    private init(_ bytes: ArraySlice<UInt8>, isOpen: Bool) {
        self.bytes = bytes
        self.isOpen = isOpen
        steps = Array(repeating: 0, count: bytes.count + 1)
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
                openers.append((UInt8(ascii: "["), offset))
                offset += 1
            case UInt8(ascii: "]"): offset = link(at: offset)
            case UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "~"): offset = emphasis(at: offset)
            default: offset += 1
            }
        }
        if isOpen { for opener in openers { enclose(opener.offset, bytes.endIndex) } }
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
        var search = opening.upperBound
        while let next = bytes[search...].firstIndex(of: UInt8(ascii: "`")) {
            let closing = run(at: next)
            if closing.count == opening.count {
                enclose(offset, closing.upperBound)
                return closing.upperBound
            }
            search = closing.upperBound
        }
        guard isOpen else { return opening.upperBound }
        enclose(offset, bytes.endIndex)
        return bytes.endIndex
    }

    private mutating func link(at offset: Int) -> Int {
        guard let index = openers.lastIndex(where: { $0.mark == UInt8(ascii: "[") }) else { return offset + 1 }
        let start = openers[index].offset
        openers.removeSubrange(index...)
        guard offset + 1 < bytes.endIndex, bytes[offset + 1] == UInt8(ascii: "(") else {
            enclose(start, offset + 1)
            return offset + 1
        }
        let end = destinationEnd(from: offset + 1) ?? (isOpen ? bytes.endIndex : offset + 1)
        enclose(start, end)
        return end
    }

    /// Behind the parenthesis that closes the one at `offset`.
    private func destinationEnd(from offset: Int) -> Int? {
        // Destinations are short; the bound keeps hostile brackets from costing quadratic time.
        var depth = 0
        var isEscaped = false
        for (index, byte) in zip(bytes.indices[offset...], bytes[offset...].prefix(4_096)) {
            switch byte {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\"): isEscaped = true
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"):
                depth -= 1
                if depth == 0 { return index + 1 }
            default: break
            }
        }
        return nil
    }

    private mutating func emphasis(at offset: Int) -> Int {
        let run = run(at: offset)
        let mark = bytes[offset]
        let before = offset > bytes.startIndex ? bytes[offset - 1] : UInt8(ascii: " ")
        let after = run.upperBound < bytes.endIndex ? bytes[run.upperBound] : UInt8(ascii: " ")
        let isWordInside = mark == UInt8(ascii: "_") && before.isWord && after.isWord
        if isWordInside { return run.upperBound }
        if !before.isSpace, let index = openers.lastIndex(where: { $0.mark == mark }) {
            enclose(openers[index].offset, run.upperBound)
            openers.removeSubrange(index...)
        } else if !after.isSpace {
            openers.append((mark, offset))
        }
        return run.upperBound
    }
}
