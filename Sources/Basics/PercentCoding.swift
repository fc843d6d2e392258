extension StringProtocol {
    /// With every byte but `A-Z a-z 0-9 - . _ ~` written as `%XX` (RFC 3986 §2.1): safe anywhere in a URL.
    package var percentEncoded: String {
        var text: [UInt8] = []
        for byte in utf8 {
            if isASCIIWordByte(byte) || "-.~".utf8.contains(byte) {
                text.append(byte)
            } else {
                text += "%\(hex([byte]).uppercased())".utf8
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// With each `%XX` replaced by its byte; `nil` when a `%` is not followed by two digits or the result is no UTF-8.
    package var percentDecoded: String? {
        var bytes: [UInt8] = []
        var rest = Array(utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexDigitValue), let low = rest.popFirst().flatMap(hexDigitValue)
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
