import Basics

/// Takes the reasoning out of a text that opens with it: `<think>…</think>`, as servers send it that do not keep the two
/// apart.
///
/// Only what opens the text is reasoning; the same tag further on, or within code, is what the agent says.
struct OpenAIReasoning: Sendable {
    private enum Place {
        /// Nothing but white space, or the beginning of a tag, has come.
        case opening
        case within(end: String)
        case past
    }

    private static let names = ["think", "thinking", "thought", "reasoning"]

    private var place = Place.opening
    /// What is not yet known to be said or not.
    private var held = ""
    private var hasReasoned = false

    /// Whether what comes now is reasoning.
    var isReasoning: Bool { if case .within = place { true } else { false } }

    /// The part of `delta` that is said, with what was held back before it.
    mutating func take(_ delta: JSONValue) -> JSONValue {
        if case .past = place { return delta }
        switch delta {
        case .string(let text): return .string(take(text))
        case .unpaired(let units) where !isReasoning:
            // Half a character is no tag.
            place = .past
            defer { held = "" }
            return .unpaired(Array(held.utf16) + units)
        default: return .string("")
        }
    }

    /// What was held back when nothing more comes.
    mutating func finish() -> JSONValue {
        defer { held = "" }
        if isReasoning || hasReasoned && held.allSatisfy(\.isWhitespace) { return .string("") }
        return .string(held)
    }

    private mutating func take(_ text: String) -> String {
        held += text
        while true {
            switch place {
            case .past:
                defer { held = "" }
                return held
            case .within(let end):
                guard let range = held.range(of: end) else {
                    held = String(held.suffix(end.count - 1))
                    return ""
                }
                held = String(held[range.upperBound...])
                place = .opening
                hasReasoned = true
            case .opening:
                let begun = held.drop(while: \.isWhitespace)
                let word = begun.prefix(16).lowercased()
                if let name = Self.names.first(where: { word.hasPrefix("<\($0)>") }) {
                    place = .within(end: "</\(name)>")
                    held = String(begun.dropFirst(name.count + 2))
                } else if Self.names.contains(where: { "<\($0)>".hasPrefix(word) }) {
                    return ""
                } else {
                    if hasReasoned { held = String(begun) }
                    place = .past
                }
            }
        }
    }
}

extension String {
    /// Where `text`, in ASCII, comes first, in any case.
    fileprivate func range(of text: String) -> Range<String.Index>? {
        let wanted = Array(text.utf8)
        var start = utf8.startIndex
        while let end = utf8.index(start, offsetBy: wanted.count, limitedBy: utf8.endIndex) {
            let isHere = zip(utf8[start..<end], wanted).allSatisfy { byte, letter in
                byte == letter || (0x41...0x5A).contains(byte) && byte | 0x20 == letter
            }
            if isHere { return start..<end }
            start = utf8.index(after: start)
        }
        return nil
    }
}
