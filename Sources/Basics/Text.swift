extension StringProtocol {
    /// Without spaces, tabs and line ends at either side (ASCII only).
    package func trimmed() -> String {
        var text = Array(utf8)[...]
        while let first = text.first, isASCIISpace(first) { text.removeFirst() }
        while let last = text.last, isASCIISpace(last) { text.removeLast() }
        return String(decoding: text, as: UTF8.self)
    }
}

private func isASCIISpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

/// Whether `byte` is one of `A-Z a-z 0-9 _`.
package func isASCIIWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
    default: false
    }
}
