/// Writes a table in columns of equal width, to be shown in a monospaced font.
package enum TableText {
    package static func monospaced(_ table: FormattedText.Table) -> String {
        let rows = ([table.header] + table.rows).map { $0.map(plain) }
        let widths = widths(of: rows)
        let lines = rows.map { row in
            widths.indices.map { column in
                let alignment = column < table.alignments.count ? table.alignments[column] : .unset
                return padded(column < row.count ? row[column] : "", to: widths[column], alignment)
            }.joined(separator: " | ").withoutTrailingSpaces
        }
        let line = widths.map { String(repeating: "-", count: $0) }.joined(separator: "-+-")
        return ([lines.first ?? "", line] + lines.dropFirst()).joined(separator: "\n")
    }

    /// The characters of the longest cell in each column.
    private static func widths(of rows: [[String]]) -> [Int] {
        let lengths = rows.map { $0.map(\.count) }
        var widths = Array(repeating: 0, count: lengths.map(\.count).max() ?? 0)
        for row in lengths { for (column, length) in row.enumerated() { widths[column] = max(widths[column], length) } }
        // One long cell beside thousands of short ones would make a text of nothing but spaces.
        let written = lengths.joined().reduce(0, +)
        let isSparse = widths.reduce(0, +) * rows.count > 8 * written + 4_096
        return isSparse ? widths.map { min($0, 8) } : widths
    }

    private static func padded(_ text: String, to width: Int, _ alignment: FormattedText.Table.Alignment) -> String {
        let missing = max(0, width - text.count)
        let left =
            switch alignment {
            case .unset, .left: 0
            case .center: missing / 2
            case .right: missing
            }
        return String(repeating: " ", count: left) + text + String(repeating: " ", count: missing - left)
    }

    /// One line, without markup: a monospaced passage cannot hold any.
    private static func plain(_ cell: FormattedText.Table.Cell) -> String {
        let text = FormattedText(blocks: [.paragraph(cell)]).plainText
        return String(text.map { $0.isNewline ? " " : $0 })
    }
}

extension String {
    fileprivate var withoutTrailingSpaces: String {
        var text = self
        while text.hasSuffix(" ") { text.removeLast() }
        return text
    }
}
