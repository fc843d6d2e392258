import CMarkdown

/// What each line of a Markdown source is, for whoever cuts the source into parts that still read right.
package struct MarkdownOutline: Sendable {
    package struct Line: Sendable {
        /// Where its bytes lie in the source, without the line end.
        package var bytes: Range<Int>
        package var content = Content.text
        /// What begins with this line.
        package var beginning = Beginning.nothing
        /// The columns at which the list items around this line have their content, from outside, less those within quotes.
        package var indents: [Int] = []
        /// The same for the lines that go on where this one ends: more when an item begins here.
        package var innerIndents: [Int] = []
    }

    package enum Content: Sendable {
        /// A paragraph, a heading, HTML, or nothing.
        case text
        /// A line of an indented code block.
        case code
        /// A line between the fences of a code block.
        case fenced(Fence)
        /// A line that opens a code block.
        case fence
        /// A row of a table, from the second on, with the lines of its head.
        case row(head: Range<Int>)
        /// Any other line of a table.
        case table
    }

    package enum Beginning: Int, Sendable {
        case nothing
        /// What belongs to the heading just above.
        case underHeading
        /// An item, or a block within a list or quote.
        case part
        /// A block of the document.
        case block
    }

    /// The opening line of a fenced code block.
    package struct Fence: Sendable {
        /// What must stand before the fence on a line of its own: marks of quotes, spaces of items.
        package let prefix: [UInt8]
        /// The characters of the fence alone.
        package let mark: [UInt8]
        /// Fence and info string.
        package let opening: [UInt8]
    }

    package private(set) var lines: [Line]
    /// Plain also for Markdown that is shown as it is written.
    package private(set) var format: MessageText.Format

    /// Reads `source`, whose line ends are `\n`; every line is text past ``FormattedText/maximumSourceBytes``, and when
    /// its ``ParsingCost`` is not linear.
    package init(markdown source: [UInt8]) {
        self.init(plain: source)
        for index in lines.indices { lines[index].beginning = .nothing }
        let read = MarkdownParser.parse(String(decoding: source, as: UTF8.self)) { document -> [Line] in
            var reader = OutlineReader(source: source, lines: lines)
            reader.read(document)
            return reader.lines
        }
        guard let read else { return }
        lines = read
        format = .markdown
    }

    /// Every line is text, and what follows an empty line is a block.
    package init(plain source: [UInt8]) {
        lines = []
        format = .plain
        var start = 0
        var afterEmpty = false
        for end in 0...source.count where end == source.count || source[end] == UInt8(ascii: "\n") {
            lines.append(Line(bytes: start..<end, beginning: afterEmpty && start < end ? .block : .nothing))
            afterEmpty = start == end
            start = end + 1
        }
    }
}

/// Marks lines with what the nodes of a document say about them.
private struct OutlineReader {
    typealias Line = MarkdownOutline.Line

    let source: [UInt8]
    var lines: [Line]

    private var depth = 0
    private var quotes = 0

    init(source: [UInt8], lines: [Line]) {
        self.source = source
        self.lines = lines
    }

    mutating func read(_ document: OpaquePointer) {
        guard let iterator = cmark_iter_new(document) else { return }
        defer { cmark_iter_free(iterator) }
        while case let event = cmark_iter_next(iterator), event != CMARK_EVENT_DONE {
            guard let node = cmark_iter_get_node(iterator) else { continue }
            let type = cmark_node_get_type(node)
            let isContainer = cmark_node_first_child(node) != nil && type != CMARK_NODE_DOCUMENT
            if event == CMARK_EVENT_ENTER {
                // Positions of what lies deeper cost time and help nobody.
                if depth < FormattedText.maximumDepth { enter(node, type) }
                if isContainer { depth += 1 }
                if type == CMARK_NODE_BLOCK_QUOTE { quotes += 1 }
            } else {
                if isContainer { depth -= 1 }
                if type == CMARK_NODE_BLOCK_QUOTE { quotes -= 1 }
            }
        }
    }

    private mutating func enter(_ node: OpaquePointer, _ type: cmark_node_type) {
        guard type.rawValue & UInt32(CMARK_NODE_TYPE_MASK) == UInt32(CMARK_NODE_TYPE_BLOCK),
            let range = lineRange(of: node)
        else { return }
        switch String(cString: cmark_node_get_type_string(node)) {
        case "table": return markTable(node, range)
        case "table_header", "table_row", "table_cell": return
        default: markBeginning(node, at: range.lowerBound)
        }
        if type == CMARK_NODE_ITEM, quotes == 0 { indent(range, to: markerEnd(of: node)) }
        if type == CMARK_NODE_CODE_BLOCK { markCode(node, range) }
    }

    private func lineRange(of node: OpaquePointer) -> ClosedRange<Int>? {
        let first = Int(cmark_node_get_start_line(node)) - 1
        let last = min(Int(cmark_node_get_end_line(node)), lines.count) - 1
        return lines.indices.contains(first) ? first...max(first, last) : nil
    }

    private mutating func markBeginning(_ node: OpaquePointer, at line: Int) {
        guard let before = cmark_node_previous(node), lines[line].beginning == .nothing else { return }
        if cmark_node_get_type(before) == CMARK_NODE_HEADING {
            lines[line].beginning = .underHeading
        } else {
            let isTop = cmark_node_parent(node).map { cmark_node_get_type($0) == CMARK_NODE_DOCUMENT } ?? true
            lines[line].beginning = isTop ? .block : .part
        }
    }

    private mutating func indent(_ range: ClosedRange<Int>, to column: Int) {
        let indents = lines[range.lowerBound].innerIndents + [column]
        for index in range {
            if index > range.lowerBound { lines[index].indents = indents }
            lines[index].innerIndents = indents
        }
    }

    /// The column at which the content of an item begins.
    private func markerEnd(of item: OpaquePointer) -> Int {
        let line = source[lines[Int(cmark_node_get_start_line(item)) - 1].bytes]
        let column = Int(cmark_node_get_start_column(item)) - 1
        let marker = line.dropFirst(column).prefix { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
        let spaces = line[marker.endIndex...].prefix { $0 == UInt8(ascii: " ") }.count
        let isEmpty = marker.endIndex + spaces == line.endIndex
        return column + marker.count + (isEmpty || spaces > 4 ? 1 : max(spaces, 1))
    }

    private mutating func markCode(_ node: OpaquePointer, _ range: ClosedRange<Int>) {
        var length: Int32 = 0
        var offset: Int32 = 0
        var character: CChar = 0
        guard cmark_node_get_fenced(node, &length, &offset, &character) != 0 else {
            for index in range { lines[index].content = .code }
            return
        }
        let line = source[lines[range.lowerBound].bytes]
        let column = Int(cmark_node_get_start_column(node)) - 1
        let fence = MarkdownOutline.Fence(
            prefix: continuation(of: line.prefix(column)),
            mark: Array(repeating: UInt8(bitPattern: character), count: Int(length)),
            opening: Array(line.dropFirst(column))
        )
        for index in range { lines[index].content = .fenced(fence) }
        lines[range.lowerBound].content = .fence
    }

    private mutating func markTable(_ node: OpaquePointer, _ range: ClosedRange<Int>) {
        let row = cmark_node_first_child(node).flatMap { cmark_node_next($0) }
        let firstRow = row.map { Int(cmark_node_get_start_line($0)) - 1 } ?? range.upperBound + 1
        let head = firstRow - 2
        guard head >= range.lowerBound else { return }
        // In cmark-gfm 0.29 a paragraph just above has no position, and the table begins where the paragraph does.
        if head > range.lowerBound, let paragraph = cmark_node_previous(node) {
            markBeginning(paragraph, at: range.lowerBound)
        }
        markBeginning(node, at: head)
        for index in head...range.upperBound {
            lines[index].content = index > firstRow ? .row(head: head..<firstRow) : .table
        }
    }

    /// What a further line of the same block begins with when its first line begins with `prefix`.
    private func continuation(of prefix: ArraySlice<UInt8>) -> [UInt8] {
        prefix.map { $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "\t") ? $0 : UInt8(ascii: " ") }
    }
}
