import Basics

extension JSONValue {
    /// Bytes in canonical JSON.
    var canonicalSize: Int {
        switch self {
        case .string(let text): Self.canonicalSize(of: text)
        case .array(let values): values.reduce(2 + max(0, values.count - 1)) { $0 + $1.canonicalSize }
        case .object(let object):
            object.members.reduce(2 + max(0, object.members.count - 1)) { size, member in
                size + Self.canonicalSize(of: member.key) + 1 + member.value.canonicalSize
            }
        case .null, .bool, .number, .unpaired: encoded.count
        }
    }

    private static func canonicalSize(of text: String) -> Int {
        text.utf8.reduce(2) { size, byte in
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x08, 0x09, 0x0A, 0x0C, 0x0D: size + 2
            case ..<0x20: size + 6
            default: size + 1
            }
        }
    }
}
