/// Texts of one pattern each, made to cost a reader of Markdown more than their length.
enum HostileMarkdown: String, CaseIterable {
    case blankListLines, lazyListLines, lazyQuoteLines, listStairs, listStairsThenBlanks, quoteMarks
    case listMarks, mixedMarks, marksThenWord, emptyItems, rules, headings, fences, wideTable, widePipes
    case longTable, longCell, tableHeads, delimiterRows, emails, addresses, wordsThenMarks, domains, schemes
    case parentheses, openParentheses, openBrackets, nestedBrackets, nestedPictures, picturesAndLinks
    case picturesThenLinks, unclosedLinks, longDefinition, longDefinitionTitle, definitions
    case referencesInBrackets, instructions, declarations, characterData, comments, attributes, tags, stars
    case alternating, nestedEmphasis, growingBackticks, entities, escapes, oneWord, spaces, blankLines
    case shortLines, invisible, combining

    /// About `count` bytes of it.
    func source(_ count: Int) -> String {
        let root = Int(Double(count).squareRoot())
        return switch self {
        case .blankListLines: repeated(count, "* ", "a\n", "\n")
        case .lazyListLines: repeated(count, "- ", "a\n", "a\n")
        case .lazyQuoteLines: repeated(count, "> ", "a\n", "a\n")
        case .listStairs: stairs(root)
        case .listStairsThenBlanks: part(count, stairs(root / 20), "\n")
        case .quoteMarks: fill(count, ">") + "a"
        case .listMarks: fill(count, "* ") + "a"
        case .mixedMarks: fill(count, "> - ") + "a"
        case .marksThenWord: repeated(count, "- ", "", "&")
        case .emptyItems: fill(count, "-\n")
        case .rules: fill(count, "a\n---\n")
        case .headings: fill(count, "# #\n")
        case .fences: fill(count, "```\n")
        case .wideTable: part(count, "|" + fill(2_000, "a|") + "\n|" + fill(2_000, "-|") + "\n", "a\n")
        case .widePipes: part(count, fill(8_000, "|") + "\n|-|-|\n", "|")
        case .longTable: "|a|\n|-|\n" + fill(count, "|\n")
        case .longCell: part(count, "|a|b|\n|-|-|\n|" + fill(8_000, "x") + "|1|\n", "|a|b|\n")
        case .tableHeads: fill(count, "a|b\n|-|\n")
        case .delimiterRows: "a" + fill(count, "\n|-|-|")
        case .emails: fill(count, "a@a.a_")
        case .addresses: fill(count, "a@")
        case .wordsThenMarks: fill(count, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@")
        case .domains: fill(count, "www._")
        case .schemes: fill(count, "http://a.a<")
        case .parentheses: "http://a.b" + fill(count, ")")
        case .openParentheses: "[a](" + fill(count, "(")
        case .openBrackets: fill(count, "[")
        case .nestedBrackets: repeated(count, "[", "a", "]")
        case .nestedPictures: repeated(count, "![", "a", "]")
        case .picturesAndLinks: fill(count, "![[]()")
        case .picturesThenLinks: repeated(count, "![", "", "[a](b)")
        case .unclosedLinks: fill(count, "[a](<b")
        case .longDefinition: part(count, "[a]: " + fill(8_000, "x") + "\n\n", "[a]")
        case .longDefinitionTitle: part(count, "[a]: b \"" + fill(8_000, "x") + "\"\n\n", "[a]")
        case .definitions: fill(count, "[a]: b\n")
        case .referencesInBrackets: part(count, "[x]: y\n\n" + fill(8_000, "["), "]")
        case .instructions: fill(count, "a<?")
        case .declarations: fill(count, "a<!A ")
        case .characterData: fill(count, "a<![CDATA[")
        case .comments: fill(count, "a <!-- b\n")
        case .attributes: fill(count, "<a b=\"")
        case .tags: fill(count, "a<b>")
        case .stars: fill(count, "*a")
        case .alternating: fill(count, "*_")
        case .nestedEmphasis: repeated(count, "**a ", "b", " c**")
        case .growingBackticks: (1...root).map { "e" + fill($0, "`") }.joined()
        case .entities: fill(count, "&amp;&#0")
        case .escapes: fill(count, "\\")
        case .oneWord: fill(count, "x")
        case .spaces: "a" + fill(count, " ") + "b"
        case .blankLines: "a" + fill(count, "\n \t\n") + "b"
        case .shortLines: fill(count, "a\n")
        case .invisible: fill(count, "\u{200B}\n")
        case .combining: "a" + fill(count, "\u{301}")
        }
    }

    private func fill(_ count: Int, _ pattern: String) -> String {
        String(repeating: pattern, count: max(1, count / pattern.utf8.count))
    }

    /// Parts as long as what is parsed at once can be, of `first` and then `others`.
    private func part(_ count: Int, _ first: String, _ others: String) -> String {
        fill(count, first + fill(24_000 - min(first.utf8.count, 20_000), others) + "\n\n")
    }

    private func repeated(_ count: Int, _ first: String, _ middle: String, _ others: String) -> String {
        part(count, fill(10_000, first) + middle, others)
    }

    private func stairs(_ steps: Int) -> String {
        (0..<steps).map { String(repeating: " ", count: 2 * $0) + "- a\n" }.joined()
    }
}
