/// Rows of words, each column as wide as its widest.
struct Table {
    let rows: [[String]]

    init(_ rows: [[String]]) { self.rows = rows }

    /// Indented by two spaces, without spaces at line ends.
    var text: String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
        return rows.map { row in
            var line = " "
            for (word, width) in zip(row, widths) {
                line += " \(word)\(String(repeating: " ", count: width - word.count)) "
            }
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }
}
