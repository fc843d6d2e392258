/// Random documents whose words tell what they are: `c…` lies in a code block, `h…` in the head of a table, `t…` is text.
struct RandomMarkdown {
    private var random: SplitMix
    private var words = 0

    init(seed: UInt64) { random = SplitMix(state: seed) }

    mutating func document(blocks: Int) -> String {
        (0..<blocks).map { _ in block(depth: 0) }.joined(separator: "\n\n")
    }

    mutating func limit() -> Int { .random(in: 60...900, using: &random) }

    /// `text` in random pieces.
    mutating func pieces(of text: String) -> [String] {
        var rest = Array(text.unicodeScalars)[...]
        var pieces: [String] = []
        while !rest.isEmpty {
            let count = Int.random(in: 1...400, using: &random)
            pieces.append(String(String.UnicodeScalarView(rest.prefix(count))))
            rest = rest.dropFirst(count)
        }
        return pieces
    }

    /// Marks of Markdown in any order, many of them often.
    mutating func marks() -> String {
        let marks = [
            "a", "word ", "*", "_", "~~", "`", "[", "](", ")", "!", "<", "<!--", "<?", "@", "www.", "http://", "\n",
            "\n\n",
            "> ", "- ", "1. ", "|", "\n|a|b|\n|-|-|\n|c|d|\n", "    ", "\\", "\"", "[a]: b\n", "\n# ", "\n---\n",
            "```\n", "\n~~~x\n", "\t", "\u{301}", "👨‍👩‍👧‍👦", "![", "  - a\n", "\n  ", "\r\n",
        ]
        return (0..<6).map { _ in
            let part = (0..<Int.random(in: 1...4, using: &random)).map { _ in pick(marks) }.joined()
            let rest = (0..<Int.random(in: 0...40, using: &random)).map { _ in pick(marks) }.joined()
            return String(repeating: part, count: .random(in: 1...60, using: &random)) + rest
        }.joined()
    }

    private mutating func block(depth: Int) -> String {
        switch Int.random(in: 0..<(depth < 3 ? 10 : 4), using: &random) {
        case 0, 1, 2: return paragraph()
        case 3: return code()
        case 4: return "## " + sentence()
        case 5: return table()
        case 6: return list(ordered: false, depth: depth)
        case 7: return list(ordered: true, depth: depth)
        case 8: return "---\n\n" + paragraph()
        default: return quote()
        }
    }

    private mutating func paragraph() -> String {
        let separator = chance(3) ? "\n" : " "
        return (0..<Int.random(in: 1...8, using: &random)).map { _ in sentence() }.joined(separator: separator)
    }

    private mutating func sentence() -> String {
        let count = Int.random(in: 1...14, using: &random)
        let words = (0..<count).map { _ in span() }
        return words.joined(separator: " ") + pick([".", "!", "?", "…"])
    }

    private mutating func span() -> String {
        switch Int.random(in: 0..<24, using: &random) {
        case 0: "**\(word()) \(word())**"
        case 1: "_\(word()) \(word())_"
        case 2: "`\(word()) \(word())`"
        case 3: "[\(word()) \(word())](https://a.example/\(word())?q=(\(word())))"
        case 4: "https://a.example/\(word())"
        case 5: "~~\(word())~~"
        case 6: "- \(word())"
        case 7: "1. \(word())"
        case 8: "👨‍👩‍👧‍👦\(word())"
        case 9: "e\u{301}\(word())é"
        default: word()
        }
    }

    private mutating func code() -> String {
        let fence = pick(["```", "````", "~~~"])
        let info = pick(["", "swift", "c++ title=x"])
        let lines = (0..<Int.random(in: 1...20, using: &random)).map { _ in
            chance(6) ? "" : String(repeating: " ", count: Int.random(in: 0...9, using: &random)) + codeLine()
        }
        return "\(fence)\(info)\n\(codeLine())\n\(lines.joined(separator: "\n"))\n\(codeLine())\n\(fence)"
    }

    private mutating func codeLine() -> String {
        let count = chance(20) ? 120 : Int.random(in: 1...6, using: &random)
        return (0..<count).map { _ in chance(9) ? "- \(word("c"))" : word("c") }.joined(
            separator: chance(30) ? "" : " "
        )
    }

    private mutating func table() -> String {
        let columns = Int.random(in: 1...4, using: &random)
        words += 1
        let head = "|" + (0..<columns).map { _ in "h\(words)|" }.joined()
        let rows = (0..<Int.random(in: 1...12, using: &random)).map { _ in
            "|" + (0..<columns).map { _ in " \(word()) **\(word())** |" }.joined()
        }
        return ([head, "|" + String(repeating: "---|", count: columns)] + rows).joined(separator: "\n")
    }

    private mutating func list(ordered: Bool, depth: Int) -> String {
        let start = Int.random(in: 1...98, using: &random)
        let items = (0..<Int.random(in: 1...5, using: &random)).map { index in
            let mark = ordered ? "\(start + index). " : "- "
            var content = paragraph()
            if chance(2) { content += "\n\n" + block(depth: depth + 1) }
            return mark + indented(content, by: mark.count)
        }
        return items.joined(separator: chance(2) ? "\n" : "\n\n")
    }

    private mutating func quote() -> String {
        let content = chance(3) ? paragraph() + "\n\n" + code() : paragraph()
        return content.split(separator: "\n", omittingEmptySubsequences: false).map { "> " + $0 }.joined(
            separator: "\n"
        )
    }

    private func indented(_ text: String, by count: Int) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let indent = String(repeating: " ", count: count)
        return lines.enumerated().map { $0 == 0 || $1.isEmpty ? String($1) : indent + $1 }.joined(separator: "\n")
    }

    private mutating func word(_ kind: String = "t") -> String {
        words += 1
        let tail = chance(5) ? "слово" : chance(200) ? String(repeating: "x", count: 1_000) : ""
        return "\(kind)\(words)\(tail)"
    }

    private mutating func pick(_ choices: [String]) -> String { choices.randomElement(using: &random) ?? "" }

    private mutating func chance(_ oneIn: Int) -> Bool { .random(in: 0..<oneIn, using: &random) == 0 }
}

/// A generator that gives the same numbers for the same seed.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
