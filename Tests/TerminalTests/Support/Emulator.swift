/// A terminal as a person sees it: as much of one as the surface needs.
struct Emulator {
    /// One row of characters, and how the first of them looks.
    struct Row: Hashable {
        var text = ""
        var isHeading = false
        var isColoured = false
    }

    private(set) var rows = [Row()]
    private(set) var seen: Set<String> = []
    private let columns: Int
    private let height: Int
    private var (row, column) = (0, 0)
    private var (isBold, isCyan) = (false, false)
    private var pending: [UInt8] = []

    /// - Parameters:
    ///   - columns: Where a row goes on in the next.
    ///   - height: How many rows from the last the cursor can reach.
    init(columns: Int = .max, height: Int = .max) {
        self.columns = columns
        self.height = height
    }

    var lines: [String] { rows.map(\.text) }

    mutating func read(_ text: String) { read(Array(text.utf8)) }

    mutating func read(_ bytes: [UInt8]) {
        pending += bytes
        // Not in the middle of a character or a sequence.
        while let end = completeEnd() {
            let text = String(decoding: pending[..<end], as: UTF8.self)
            pending.removeFirst(end)
            draw(Array(text.unicodeScalars))
        }
    }

    private func completeEnd() -> Int? {
        var end = pending.count
        if let escape = pending.lastIndex(of: 0x1B), !pending[escape...].contains(where: Self.endsSequence) {
            end = escape
        }
        while end > 0, String(validating: pending[..<end], as: UTF8.self) == nil { end -= 1 }
        return end > 0 ? end : nil
    }

    private static func endsSequence(_ byte: UInt8) -> Bool {
        byte == 0x07 || (byte != UInt8(ascii: "[") && byte != UInt8(ascii: "]") && (0x40...0x7E).contains(byte))
    }

    private mutating func draw(_ scalars: [Unicode.Scalar]) {
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            index += 1
            switch scalar {
            case "\r": column = 0
            case "\n": newLine()
            case "\u{1B}" where scalars[index] == "]": index = mark(scalars, from: index + 1)
            case "\u{1B}": index = obey(scalars, from: index + 1)
            default: put(scalar)
            }
        }
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        if column >= columns { newLine() }
        if column == 0 { rows[row].isHeading = isBold && isCyan }
        if column == 0 { rows[row].isColoured = isCyan }
        rows[row].text.unicodeScalars.append(scalar)
        column += 1
    }

    private mutating func newLine() {
        row += 1
        column = 0
        if row == rows.count { rows.append(Row()) }
    }

    /// `ESC ] … BEL`: shows nothing.
    private mutating func mark(_ scalars: [Unicode.Scalar], from start: Int) -> Int {
        let end = scalars[start...].firstIndex(of: "\u{07}") ?? scalars.count
        seen.insert(String(String.UnicodeScalarView(scalars[start..<end])))
        return end + 1
    }

    /// `ESC [ numbers letter`.
    private mutating func obey(_ scalars: [Unicode.Scalar], from start: Int) -> Int {
        var end = start
        while !("@"..."~").contains(scalars[end]) { end += 1 }
        let numbers = String(String.UnicodeScalarView(scalars[start..<end])).split(separator: ";").compactMap {
            Int($0)
        }
        switch scalars[end] {
        case "A": row = max(row - (numbers.first ?? 1), max(0, rows.count - height))
        case "J":
            rows.removeSubrange((row + 1)...)
            let kept = String(String.UnicodeScalarView(rows[row].text.unicodeScalars.prefix(column)))
            rows[row] = Row(
                text: kept,
                isHeading: column > 0 && rows[row].isHeading,
                isColoured: column > 0 && rows[row].isColoured
            )
        case "m": for number in numbers { style(number) }
        default: rows[row].text += "?"
        }
        return end + 1
    }

    private mutating func style(_ number: Int) {
        switch number {
        case 1: isBold = true
        case 22: isBold = false
        case 36: isCyan = true
        case 39: isCyan = false
        default: break
        }
    }
}

extension Emulator {
    /// A message under its heading.
    struct Shown: Hashable {
        let heading: String
        let text: String
    }

    /// What stands on the screen of the agent's messages.
    var messages: [Shown] {
        var messages: [(heading: String, lines: [String])] = []
        var isInside = false
        for row in rows {
            if row.isHeading { messages.append((row.text, [])) }
            if row.isColoured {
                isInside = row.isHeading
            } else if isInside {
                messages[messages.count - 1].lines.append(row.text)
            }
        }
        // Where the cursor is, a row begins that is nobody's.
        if isInside, rows.last?.text.isEmpty == true { messages[messages.count - 1].lines.removeLast() }
        return messages.map { Shown(heading: $0.heading, text: $0.lines.joined(separator: "\n")) }
    }
}
