/// One line with its colours, and the room that it takes.
struct StyledLine: Hashable {
    /// Complete in itself: what it switches on it switches off.
    let text: String
    /// How many columns a terminal needs for it; an estimate, since terminals differ about some characters.
    let columns: Int

    init(_ text: String) {
        self.text = text
        columns = Self.columns(of: text)
    }

    private static func columns(of text: String) -> Int {
        var (columns, isControl) = (0, false)
        for character in text {
            if character == "\u{1B}" {
                isControl = true
            } else if isControl {
                isControl = character != "m"
            } else {
                columns += width(of: character)
            }
        }
        return columns
    }

    private static func width(of character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        let isPicture = character.unicodeScalars.contains { $0 == "\u{FE0F}" || $0.properties.isEmojiPresentation }
        if isPicture || isWide(first.value) { return 2 }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return 1
        }
    }

    /// The blocks that Unicode's EastAsianWidth.txt calls wide or full-width.
    private static func isWide(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
