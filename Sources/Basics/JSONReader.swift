/// Reads one JSON text, byte by byte (RFC 8259).
///
/// Bytes and not characters: to Swift `\r\n` is one character, and characters are many times slower.
struct JSONReader {
    let bytes: [UInt8]
    let limits: JSONLimits
    var index = 0
    /// Notes where things stand, when somebody wants to know.
    var trace: JSONTrace?

    init(bytes: [UInt8], limits: JSONLimits, trace: JSONTrace? = nil) {
        self.bytes = bytes
        self.limits = limits
        self.trace = trace
    }

    mutating func document() throws(JSONError) -> JSONValue {
        guard bytes.count <= limits.bytes else {
            throw fault("the text is longer than \(limits.bytes) bytes", at: limits.bytes)
        }
        guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else {
            throw fault("the text begins with a byte order mark; UTF-8 needs none", at: 0)
        }
        skipSpace()
        guard index < bytes.count else { throw fault("the text is empty") }
        let value = try value(depth: 0)
        skipSpace()
        guard index == bytes.count else { throw fault("\(found) after the end of the value") }
        return value
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        trace?.note(value: index)
        switch index < bytes.count ? bytes[index] : 0 {
        case UInt8(ascii: "{"): return .object(JSONObject(try members(depth: depth + 1)))
        case UInt8(ascii: "["): return .array(try elements(depth: depth + 1))
        case UInt8(ascii: "\""): return try string()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        case UInt8(ascii: "t") where take("true"): return .bool(true)
        case UInt8(ascii: "f") where take("false"): return .bool(false)
        case UInt8(ascii: "n") where take("null"): return .null
        default: throw fault("expected a value, found \(found)")
        }
    }

    private mutating func members(depth: Int) throws(JSONError) -> [JSONObject.Member] {
        try open(depth: depth)
        var members: [JSONObject.Member] = []
        if take(UInt8(ascii: "}")) { return members }
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw missingKey(afterComma: !members.isEmpty) }
            let start = index
            let key = try string().string ?? ""
            trace?.enter(key: key, at: start)
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw fault("expected “:” after the key, found \(found)") }
            skipSpace()
            members.append(JSONObject.Member(key: key, value: try value(depth: depth)))
            trace?.leave()
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw fault("expected “,” or “}”, found \(found)") }
        return members
    }

    private mutating func elements(depth: Int) throws(JSONError) -> [JSONValue] {
        try open(depth: depth)
        var elements: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return elements }
        repeat {
            skipSpace()
            if peek == UInt8(ascii: "]") { throw fault("a comma must not stand before “]”") }
            trace?.enter(element: elements.count)
            elements.append(try value(depth: depth))
            trace?.leave()
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw fault("expected “,” or “]”, found \(found)") }
        return elements
    }

    /// Steps over a bracket and the space behind it.
    private mutating func open(depth: Int) throws(JSONError) {
        guard depth <= limits.depth else { throw fault("nested deeper than \(limits.depth) levels") }
        index += 1
        skipSpace()
    }

    private mutating func number() throws(JSONError) -> JSONNumber {
        let start = index
        take(UInt8(ascii: "-"))
        if take(UInt8(ascii: "0")) {
            if isDigit(peek) { throw fault("a number must not begin with 0", at: start) }
        } else {
            try digits(from: start)
        }
        if take(UInt8(ascii: ".")) { try digits(from: start) }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "-")) { take(UInt8(ascii: "+")) }
            try digits(from: start)
        }
        return JSONNumber(text: String(decoding: bytes[start..<index], as: UTF8.self))
    }

    private mutating func digits(from start: Int) throws(JSONError) {
        guard isDigit(peek) else { throw fault("a digit is missing in a number, found \(found)") }
        while isDigit(peek) { index += 1 }
    }
}

// The cursor.
extension JSONReader {
    var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }

    @discardableResult
    mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        index += 1
        return true
    }

    private mutating func take(_ word: StaticString) -> Bool {
        let end = index + word.utf8CodeUnitCount
        guard end <= bytes.count else { return false }
        let matches = word.withUTF8Buffer { bytes[index..<end].elementsEqual($0) }
        if matches { index = end }
        return matches
    }

    private func isDigit(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

// What to say when the text is wrong.
extension JSONReader {
    func fault(_ reason: String, at offset: Int? = nil) -> JSONError {
        let offset = offset ?? index
        let before = bytes[..<offset]
        let line = before.count { $0 == 0x0A } + 1
        let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return JSONError(reason: reason, offset: offset, line: line, column: offset - start + 1)
    }

    /// The next thing in the text, in words.
    var found: String {
        guard let byte = peek else { return "the end of the text" }
        let ahead = bytes[index..<min(index + 4, bytes.count)]
        if ahead.starts(with: "//".utf8) || ahead.starts(with: "/*".utf8) {
            return "a comment, which JSON does not have"
        }
        if byte < 0x20 || byte == 0x7F { return "a control character (byte \(byte))" }
        guard let scalar = String(decoding: ahead, as: UTF8.self).unicodeScalars.first, scalar != "\u{FFFD}" else {
            return "a byte that is not UTF-8 (\(byte))"
        }
        return "“\(scalar)”"
    }

    private func missingKey(afterComma: Bool) -> JSONError {
        if afterComma, peek == UInt8(ascii: "}") { return fault("a comma must not stand before “}”") }
        return fault("expected a key in double quotes, found \(found)")
    }
}
