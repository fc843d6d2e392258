/// Counts HTML that nothing closes, pictures that may lie around a link, and what references repeat of their
/// definitions.
struct InlineCost {
    typealias Bytes = ParsingCost.Bytes

    private(set) var cost = 0
    private var brackets = 0
    private var pictures = 0
    /// Bytes of the longest definition.
    private var definition = 0
    private var definitionEnd = 0
    /// For each kind of HTML where the next end of one lies.
    private var ends: [HTML: Int] = [:]

    /// The same for titles and what ends them.
    private var titles: [UInt8: Int] = [:]

    private enum HTML { case comment, data, instruction, declaration }

    mutating func read(_ bytes: Bytes) {
        for offset in 0..<bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "<"): readHTML(at: offset, in: bytes)
            case UInt8(ascii: "["): if offset > 0, bytes[offset - 1] == UInt8(ascii: "!") { pictures += 1 }
            case UInt8(ascii: "]"):
                brackets += 1
                cost += pictures
                readDefinition(behind: offset, in: bytes)
            case UInt8(ascii: "\n"):
                // Nothing within a paragraph goes over an empty line.
                if offset > 0, bytes[offset - 1] == UInt8(ascii: "\n") { pictures = 0 }
            default: break
            }
        }
        cost += brackets * definition / 4
    }

    // MARK: HTML

    private mutating func readHTML(at offset: Int, in bytes: Bytes) {
        guard offset + 2 < bytes.count else { return }
        switch (bytes[offset + 1], bytes[offset + 2]) {
        case (UInt8(ascii: "?"), _): search(.instruction, "?>", from: offset + 2, in: bytes)
        case (UInt8(ascii: "!"), UInt8(ascii: "-")): search(.comment, "-->", from: offset + 2, in: bytes)
        case (UInt8(ascii: "!"), UInt8(ascii: "[")): search(.data, "]]>", from: offset + 2, in: bytes)
        case (UInt8(ascii: "!"), _): search(.declaration, ">", from: offset + 2, in: bytes)
        default: break
        }
    }

    private mutating func search(_ kind: HTML, _ mark: StaticString, from offset: Int, in bytes: Bytes) {
        var end = ends[kind] ?? -1
        if end < offset {
            end = offset
            // Without an end, each further opening is read to the end of the text.
            while end < bytes.count, !mark.begins(at: end, in: bytes) { end += 1 }
            ends[kind] = end
        }
        cost += (end - offset) / 4
    }

    // MARK: Definitions

    /// What `]:` is followed by: a destination, and a title that may go over lines.
    private mutating func readDefinition(behind offset: Int, in bytes: Bytes) {
        guard offset + 1 < bytes.count, bytes[offset + 1] == UInt8(ascii: ":") else { return }
        // Those within one word end together.
        guard offset >= definitionEnd else { return }
        let start = end(of: \.isBlankOrNewline, from: offset + 2, in: bytes)
        definitionEnd = end(of: { !$0.isBlankOrNewline }, from: start, in: bytes)
        let title = end(of: \.isBlankOrNewline, from: definitionEnd, in: bytes)
        definition = max(definition, definitionEnd - start)
        guard title < bytes.count, let mark = Self.titleEnds[bytes[title]] else { return }
        definition = max(definition, endOfTitle(mark, from: title + 1, in: bytes) - start)
    }

    /// What ends a title that begins with the key.
    private static let titleEnds = [
        UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "'"): UInt8(ascii: "'"),
        UInt8(ascii: "("): UInt8(ascii: ")"),
    ]

    private mutating func endOfTitle(_ mark: UInt8, from offset: Int, in bytes: Bytes) -> Int {
        var end = titles[mark] ?? -1
        if end < offset {
            end = offset
            while end < bytes.count, bytes[end] != mark || bytes[end - 1] == UInt8(ascii: "\\") { end += 1 }
            titles[mark] = end
        }
        return end
    }

    private func end(of isWanted: (UInt8) -> Bool, from offset: Int, in bytes: Bytes) -> Int {
        var end = offset
        while end < bytes.count, isWanted(bytes[end]) { end += 1 }
        return end
    }
}

extension StaticString {
    fileprivate func begins(at offset: Int, in bytes: ParsingCost.Bytes) -> Bool {
        guard offset + utf8CodeUnitCount <= bytes.count else { return false }
        for index in 0..<utf8CodeUnitCount where bytes[offset + index] != utf8Start[index] { return false }
        return true
    }
}

extension UInt8 {
    fileprivate var isBlankOrNewline: Bool { isBlank || self == UInt8(ascii: "\n") }
}
