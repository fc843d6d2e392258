import SurfaceKit

/// One message of the agent, cleaned while it comes.
struct ReplyMessage: Sendable {
    private var text = ""
    private(set) var showsSomething = false
    /// Bytes of `text` without white space at the end.
    private var trimmedCount = 0
    private var endsInReturn = false

    mutating func append(_ delta: String) {
        let start = text.utf8.count
        clean(delta)
        if !showsSomething, delta.showsSomething {
            showsSomething = true
            // What shows nothing at the beginning is no line of the answer.
            text = text.withoutLeadingEmptyLines
            trimmedCount = text.utf8.count - text.utf8.reversed().prefix(while: \.isSpace).count
        } else if let last = text.utf8[text.utf8.index(text.startIndex, offsetBy: start)...].lastIndex(where: {
            !$0.isSpace
        }) {
            trimmedCount = text.utf8.distance(from: text.startIndex, to: last) + 1
        }
    }

    var trimmed: Substring { text[..<text.utf8.index(text.startIndex, offsetBy: trimmedCount)] }

    /// The line that ends a code block which the message leaves open.
    var closing: String {
        let bytes = Array(trimmed.utf8)
        guard let last = MarkdownOutline(markdown: bytes).lines.last, case .fenced(let fence) = last.content else {
            return ""
        }
        let end = bytes[last.bytes].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ">") }
        let isClosed = end.count >= fence.mark.count && end.allSatisfy { $0 == fence.mark.first }
        return isClosed ? "" : "\n" + String(decoding: fence.prefix + fence.mark, as: UTF8.self)
    }

    private mutating func clean(_ delta: String) {
        for scalar in delta.unicodeScalars {
            defer { endsInReturn = scalar == "\r" }
            if scalar == "\n", endsInReturn { continue }
            text.unicodeScalars.append(shown(scalar))
        }
    }

    /// `\n` for returns, U+FFFD for control characters, which messengers refuse or drop.
    private func shown(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "\n", "\t": scalar
        case "\r": "\n"
        case " "..."~": scalar
        default: scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar
        }
    }
}

extension String {
    fileprivate var withoutLeadingEmptyLines: String {
        let first = utf8.firstIndex { !$0.isSpace } ?? endIndex
        let line = utf8[..<first].lastIndex(of: UInt8(ascii: "\n")).map { utf8.index(after: $0) }
        return String(self[(line ?? startIndex)...])
    }
}
