import CMarkdown

extension FormattedText {
    /// Reads CommonMark with GitHub’s tables, `~~strikethrough~~`, automatic links and task lists.
    ///
    /// Never empty when `source` shows anything: what Markdown would hide altogether (a link definition, an empty
    /// heading) is then shown as it is written. So is a source of more than ``maximumSourceBytes``, and one whose
    /// ``ParsingCost`` is not linear.
    package init(markdown source: String) {
        let parsed = MarkdownParser.parse(source) { document in
            FormattedText(blocks: MarkdownReader.blocks(in: document, depth: 0))
        }
        if let parsed, parsed.showsSomething || !source.showsSomething {
            self = parsed
        } else {
            self.init(plain: source)
        }
    }

    private var showsSomething: Bool { plainText.showsSomething }
}

/// Turns nodes of cmark-gfm into blocks and inlines.
private enum MarkdownReader {
    typealias Node = OpaquePointer

    static func blocks(in parent: Node, depth: Int) -> [FormattedText.Block] {
        children(of: parent).compactMap { block($0, depth: depth + 1) }
    }

    private static func block(_ node: Node, depth: Int) -> FormattedText.Block? {
        // A list takes room for its items, their blocks and the words of these.
        guard depth + 3 <= FormattedText.maximumDepth else { return flattened(node) }
        switch cmark_node_get_type(node) {
        case CMARK_NODE_PARAGRAPH: return .paragraph(inlines(in: node, depth: depth))
        case CMARK_NODE_HEADING:
            return .heading(level: Int(cmark_node_get_heading_level(node)), inlines(in: node, depth: depth))
        case CMARK_NODE_CODE_BLOCK: return .code(language: language(of: node), withoutLastNewline(literal(of: node)))
        case CMARK_NODE_BLOCK_QUOTE: return .quote(blocks(in: node, depth: depth))
        case CMARK_NODE_LIST: return .list(list(node, depth: depth))
        case CMARK_NODE_THEMATIC_BREAK: return .rule
        case CMARK_NODE_HTML_BLOCK:
            return .paragraph(FormattedText.inlines(plain: withoutLastNewline(literal(of: node))))
        default: return kind(of: node) == "table" ? .table(table(node, depth: depth)) : flattened(node)
        }
    }

    private static func list(_ node: Node, depth: Int) -> FormattedText.List {
        let items = children(of: node).map { item in
            let isDone = kind(of: item) == "tasklist" ? cmark_gfm_extensions_get_tasklist_item_checked(item) : nil
            return FormattedText.Item(isDone: isDone, blocks: blocks(in: item, depth: depth + 1))
        }
        let isOrdered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
        return FormattedText.List(
            start: isOrdered ? Int(cmark_node_get_list_start(node)) : nil,
            isTight: cmark_node_get_list_tight(node) == 1,
            items: items
        )
    }

    private static func table(_ node: Node, depth: Int) -> FormattedText.Table {
        let columns = Int(cmark_gfm_extensions_get_table_columns(node))
        let marks = UnsafeBufferPointer(start: cmark_gfm_extensions_get_table_alignments(node), count: columns)
        let rows = children(of: node).map { row in children(of: row).map { inlines(in: $0, depth: depth + 2) } }
        return FormattedText.Table(
            alignments: marks.map(FormattedText.Table.Alignment.init(cmark:)),
            header: rows.first ?? [],
            rows: Array(rows.dropFirst())
        )
    }

    private static func inlines(in parent: Node, depth: Int) -> [FormattedText.Inline] {
        var result: [FormattedText.Inline] = []
        var text = ""
        for child in children(of: parent) {
            let next = inline(child, depth: depth + 1)
            if case .text(let more) = next {
                text += more
                continue
            }
            if !text.isEmpty { result.append(.text(text)) }
            text = ""
            result.append(next)
        }
        return text.isEmpty ? result : result + [.text(text)]
    }

    private static func inline(_ node: Node, depth: Int) -> FormattedText.Inline {
        guard depth < FormattedText.maximumDepth else { return .text(words(of: node)) }
        switch cmark_node_get_type(node) {
        case CMARK_NODE_SOFTBREAK: return .softBreak
        case CMARK_NODE_LINEBREAK: return .lineBreak
        case CMARK_NODE_CODE: return .code(literal(of: node))
        case CMARK_NODE_EMPH: return .emphasis(inlines(in: node, depth: depth))
        case CMARK_NODE_STRONG: return .strong(inlines(in: node, depth: depth))
        case CMARK_NODE_LINK: return .link(inlines(in: node, depth: depth), destination: destination(of: node))
        case CMARK_NODE_IMAGE: return .image(text: words(of: node), source: destination(of: node))
        case CMARK_NODE_TEXT, CMARK_NODE_HTML_INLINE: return .text(literal(of: node))
        default:
            return kind(of: node) == "strikethrough"
                ? .strikethrough(inlines(in: node, depth: depth)) : .text(words(of: node))
        }
    }

    /// A block that lies too deep: its words only.
    private static func flattened(_ node: Node) -> FormattedText.Block? {
        let words = words(of: node)
        return words.isEmpty ? nil : .paragraph(FormattedText.inlines(plain: words))
    }

    /// All characters under `node`, found without recursion; blocks and line ends become newlines.
    private static func words(of node: Node) -> String {
        guard let iterator = cmark_iter_new(node) else { return "" }
        defer { cmark_iter_free(iterator) }
        var words = ""
        while case let event = cmark_iter_next(iterator), event != CMARK_EVENT_DONE {
            guard event == CMARK_EVENT_ENTER, let node = cmark_iter_get_node(iterator) else { continue }
            switch cmark_node_get_type(node) {
            case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: words += "\n"
            case CMARK_NODE_PARAGRAPH, CMARK_NODE_HEADING: words += words.isEmpty ? "" : "\n"
            default: words += literal(of: node)
            }
        }
        return words
    }

    private static func language(of node: Node) -> String? {
        guard let info = cmark_node_get_fence_info(node) else { return nil }
        return String(cString: info).split { $0 == " " || $0 == "\t" }.first.map(String.init)
    }

    private static func literal(of node: Node) -> String {
        cmark_node_get_literal(node).map { String(cString: $0) } ?? ""
    }

    private static func destination(of node: Node) -> String {
        cmark_node_get_url(node).map { String(cString: $0) } ?? ""
    }

    private static func kind(of node: Node) -> String {
        cmark_node_get_type_string(node).map { String(cString: $0) } ?? ""
    }

    private static func withoutLastNewline(_ text: String) -> String {
        text.utf8.last == UInt8(ascii: "\n") ? String(text.dropLast()) : text
    }

    private static func children(of node: Node) -> some Sequence<Node> {
        sequence(state: cmark_node_first_child(node)) { next -> Node? in
            defer { next = next.flatMap { cmark_node_next($0) } }
            return next
        }
    }
}

extension FormattedText.Table.Alignment {
    fileprivate init(cmark mark: UInt8) {
        switch mark {
        case UInt8(ascii: "l"): self = .left
        case UInt8(ascii: "c"): self = .center
        case UInt8(ascii: "r"): self = .right
        default: self = .unset
        }
    }
}
