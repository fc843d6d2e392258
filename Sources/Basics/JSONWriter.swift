extension JSONValue {
    /// The JSON text, without white space, members in order.
    ///
    /// A number that JSON does not have (infinite, not a number) is written as `null`.
    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes
    }

    /// ``encoded`` as a string.
    package var text: String { String(decoding: encoded, as: UTF8.self) }

    private func write(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .number(let number): bytes += (number.isFinite ? number.text : "null").utf8
        case .string(let text): Self.write(text, to: &bytes)
        case .unpaired(let units): Self.write(units, to: &bytes)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (position, element) in elements.enumerated() {
                if position > 0 { bytes.append(UInt8(ascii: ",")) }
                element.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let object):
            bytes.append(UInt8(ascii: "{"))
            for (position, member) in object.members.enumerated() {
                if position > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.write(member.key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            var start = 0
            for (position, byte) in utf8.enumerated() where mustBeEscaped(byte) {
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start..<position]))
                writeEscape(UInt16(byte), to: &bytes)
                start = position + 1
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start...]))
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func write(_ units: [UInt16], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var decoder = Unicode.UTF16.ForwardParser()
        var iterator = units.makeIterator()
        var position = 0
        reading: while true {
            switch decoder.parseScalar(from: &iterator) {
            case .emptyInput: break reading
            case .valid(let scalar):
                let piece = String(Unicode.UTF16.decode(scalar))
                if let byte = piece.utf8.first, mustBeEscaped(byte) {
                    writeEscape(UInt16(byte), to: &bytes)
                } else {
                    bytes += piece.utf8
                }
                position += scalar.count
            case .error(let length):
                for unit in units[position..<position + length] { writeEscape(unit, to: &bytes) }
                position += length
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func mustBeEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private static func writeEscape(_ unit: UInt16, to bytes: inout [UInt8]) {
        switch unit {
        case 0x22, 0x5C: bytes += [UInt8(ascii: "\\"), UInt8(unit)]
        case 0x0A: bytes += "\\n".utf8
        case 0x0D: bytes += "\\r".utf8
        case 0x09: bytes += "\\t".utf8
        default: bytes += "\\u\(hex([UInt8(unit >> 8), UInt8(unit & 0xFF)]))".utf8
        }
    }
}

extension JSONNumber {
    /// Whether the text is a JSON number, and not what `String(Double.nan)` makes.
    fileprivate var isFinite: Bool {
        guard let last = text.utf8.last else { return false }
        return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(last)
    }
}
