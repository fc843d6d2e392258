/// Status and header fields of a response.
struct ResponseHead: Sendable {
    let status: Int
    let headers: [HTTPHeader]
}

/// Gathers the lines that libcurl hands over into the head of the final response.
///
/// Heads of 1xx responses are skipped, and so is what comes after the final one: trailers.
struct ResponseHeadParser {
    private var status: Int?
    private var headers: [HTTPHeader] = []
    private var isComplete = false

    /// Takes one line with its end; returns the head when the line completes it.
    mutating func take(_ line: some BidirectionalCollection<UInt8>) -> ResponseHead? {
        guard !isComplete else { return nil }
        let text = line.trimmed
        if text.isEmpty {
            guard let status, status >= 200 else { return nil }
            isComplete = true
            return ResponseHead(status: status, headers: headers)
        }
        if text.starts(with: "HTTP/".utf8) {
            status = Self.status(of: text)
            headers = []
        } else if line.first.map(isBlank) == true, let last = headers.popLast() {
            // A field folded over two lines (RFC 9112 §5.2).
            headers.append(HTTPHeader(last.name, last.value + " " + String(decoding: text, as: UTF8.self)))
        } else if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
            let value = text[text.index(after: colon)...].trimmed
            headers.append(
                HTTPHeader(String(decoding: text[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self))
            )
        }
        return nil
    }

    private static func status(of line: some BidirectionalCollection<UInt8>) -> Int? {
        line.split(separator: UInt8(ascii: " "), maxSplits: 2).dropFirst().first
            .flatMap { Int(String(decoding: $0, as: UTF8.self)) }
    }
}

private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

extension BidirectionalCollection<UInt8> {
    /// Without blanks and line ends on both sides.
    fileprivate var trimmed: SubSequence {
        let isOuter: (UInt8) -> Bool = { isBlank($0) || $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }
        let rest = drop(while: isOuter)
        guard let last = rest.lastIndex(where: { !isOuter($0) }) else { return rest }
        return rest[...last]
    }
}
