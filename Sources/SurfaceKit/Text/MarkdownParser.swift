import CMarkdown
import Synchronization

/// Parses CommonMark with GitHub’s tables, strikethrough, automatic links and task lists by cmark-gfm.
enum MarkdownParser {
    // cmark-gfm keeps the characters that extensions react to in global tables, which each parse fills and empties.
    private static let parsing = Mutex<Void>(())

    private static let extensions: [String] = {
        cmark_gfm_core_extensions_ensure_registered()
        return ["table", "strikethrough", "autolink", "tasklist"]
    }()

    /// Lends `body` the document of `source`, whose nodes end with the call; `nil` when `source` is too large, or when
    /// parsing it would cost more than its length is worth.
    static func parse<Result>(_ source: String, _ body: (OpaquePointer) -> Result) -> Result? {
        guard source.utf8.count <= FormattedText.maximumSourceBytes, ParsingCost(source).isLinear,
            let document = document(of: source)
        else { return nil }
        defer { cmark_node_free(document) }
        return body(document)
    }

    private static func document(of source: String) -> OpaquePointer? {
        let address = parsing.withLock { _ -> UInt? in
            guard let parser = cmark_parser_new(CMARK_OPT_STRIKETHROUGH_DOUBLE_TILDE) else { return nil }
            defer { cmark_parser_free(parser) }
            for name in extensions {
                if let found = cmark_find_syntax_extension(name) { cmark_parser_attach_syntax_extension(parser, found) }
            }
            var source = source
            source.withUTF8 { cmark_parser_feed(parser, UnsafeRawPointer($0.baseAddress), $0.count) }
            return cmark_parser_finish(parser).map { UInt(bitPattern: $0) }
        }
        return address.flatMap { OpaquePointer(bitPattern: $0) }
    }
}
