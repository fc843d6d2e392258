// Strings: the hot path, since files travel in them as base64.
extension JSONReader {
    /// Reads a string; the cursor stands on its opening quote.
    mutating func string() throws(JSONError) -> JSONValue {
        let opening = index
        index += 1
        let start = index
        var escaped = false
        scan: while true {
            guard index < bytes.count else { throw fault("a string is not closed", at: opening) }
            switch bytes[index] {
            case UInt8(ascii: "\""): break scan
            case UInt8(ascii: "\\"):
                escaped = true
                // The escaped byte may be a quote or another backslash.
                index += 2
            case ..<0x20: throw fault("a control character (byte \(bytes[index])) in a string must be escaped")
            default: index += 1
            }
        }
        let content = bytes[start..<index]
        guard let text = String(validating: content, as: UTF8.self) else {
            throw fault("not UTF-8", at: firstInvalidByte(from: start))
        }
        guard escaped else {
            index += 1
            return .string(text)
        }
        index = start
        return try unescape(to: content.endIndex)
    }

    /// Reads a string that is valid UTF-8 and ends at `end`, replacing its escapes; leaves the cursor behind the quote.
    private mutating func unescape(to end: Int) throws(JSONError) -> JSONValue {
        var text: [UInt8] = []
        text.reserveCapacity(end - index)
        var hasUnpaired = false
        while index < end {
            let backslash = bytes[index..<end].firstIndex(of: UInt8(ascii: "\\")) ?? end
            text.append(contentsOf: bytes[index..<backslash])
            index = backslash
            guard index < end else { break }
            if bytes[index + 1] == UInt8(ascii: "u") {
                let scalar = try escapedScalar()
                hasUnpaired = hasUnpaired || (0xD800...0xDFFF).contains(scalar)
                appendUTF8(scalar, to: &text)
            } else {
                text.append(try escapedByte())
            }
        }
        index = end + 1
        return hasUnpaired ? .unpaired(codeUnits(text)) : .string(String(decoding: text, as: UTF8.self))
    }

    private mutating func escapedByte() throws(JSONError) -> UInt8 {
        let byte: UInt8
        switch bytes[index + 1] {
        case UInt8(ascii: "n"): byte = 0x0A
        case UInt8(ascii: "t"): byte = 0x09
        case UInt8(ascii: "r"): byte = 0x0D
        case UInt8(ascii: "b"): byte = 0x08
        case UInt8(ascii: "f"): byte = 0x0C
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte = bytes[index + 1]
        default: throw fault("an unknown escape in a string")
        }
        index += 2
        return byte
    }

    /// The code point of `\uXXXX`, or of two that are the halves of one; a half without its partner as it is.
    private mutating func escapedScalar() throws(JSONError) -> UInt32 {
        let first = try escapedUnit()
        guard (0xD800...0xDBFF).contains(first) else { return first }
        guard bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else { return first }
        let mark = index
        let second = try escapedUnit()
        guard (0xDC00...0xDFFF).contains(second) else {
            index = mark
            return first
        }
        return 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
    }

    private mutating func escapedUnit() throws(JSONError) -> UInt32 {
        var unit: UInt32 = 0
        // The closing quote stands before the end of the text and is no digit, so this never runs past either.
        for position in index + 2..<index + 6 {
            guard position < bytes.count, let digit = hexDigitValue(bytes[position]) else {
                throw fault("\\u needs four hexadecimal digits")
            }
            unit = unit << 4 + UInt32(digit)
        }
        index += 6
        return unit
    }

    /// Appends UTF-8, and in the same form a surrogate half, which UTF-8 does not have (“WTF-8”).
    private func appendUTF8(_ scalar: UInt32, to text: inout [UInt8]) {
        func continuation(_ shift: UInt32) -> UInt8 { UInt8(0x80 | (scalar >> shift) & 0x3F) }
        switch scalar {
        case ..<0x80: text.append(UInt8(scalar))
        case ..<0x800: text += [UInt8(0xC0 | scalar >> 6), continuation(0)]
        case ..<0x10000: text += [UInt8(0xE0 | scalar >> 12), continuation(6), continuation(0)]
        default: text += [UInt8(0xF0 | scalar >> 18), continuation(12), continuation(6), continuation(0)]
        }
    }

    /// The UTF-16 of what ``appendUTF8(_:to:)`` has written.
    private func codeUnits(_ text: [UInt8]) -> [UInt16] {
        var units: [UInt16] = []
        var rest = text[...]
        while let first = rest.first {
            let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
            let piece = rest.prefix(length)
            if first == 0xED, piece[piece.startIndex + 1] >= 0xA0 {
                let (second, third) = (UInt16(piece[piece.startIndex + 1]), UInt16(piece[piece.startIndex + 2]))
                units.append(0xD000 | (second & 0x3F) << 6 | third & 0x3F)
            } else {
                units += String(decoding: piece, as: UTF8.self).utf16
            }
            rest = rest.dropFirst(length)
        }
        return units
    }

    private func firstInvalidByte(from start: Int) -> Int {
        var decoder = Unicode.UTF8.ForwardParser()
        var iterator = bytes[start..<index].makeIterator()
        var offset = start
        while case .valid(let scalar) = decoder.parseScalar(from: &iterator) { offset += scalar.count }
        return offset
    }
}
