/// The quotation that older clients put before a reply: lines that begin with `> `, then an empty line.
struct ReplyFallback: Hashable {
    /// The Matrix identifier of who is quoted, where it is given.
    let author: String?
    let quoted: String
    /// What is left: the reply itself.
    let rest: String

    /// `nil` when `body` does not begin with one.
    init?(_ body: String) {
        let lines = body.split(separator: "\n", omittingEmptySubsequences: false)
        let quotation = lines.prefix { $0.hasPrefix(">") }
        guard !quotation.isEmpty, quotation.count < lines.count, lines[quotation.count].isEmpty else { return nil }
        rest = lines[(quotation.count + 1)...].joined(separator: "\n")
        var texts = quotation.map { $0.dropFirst($0.hasPrefix("> ") ? 2 : 1) }
        author = Self.takeAuthor(from: &texts[0])
        quoted = texts.joined(separator: "\n")
    }

    /// Takes `<@user:server> ` or `* <@user:server> ` off the first line.
    private static func takeAuthor(from line: inout Substring) -> String? {
        let start = line.hasPrefix("* <") ? line.dropFirst(2) : line
        guard start.hasPrefix("<@"), let end = start.firstIndex(of: ">") else { return nil }
        let author = start[start.index(after: start.startIndex)..<end]
        line = start[start.index(after: end)...]
        if line.first == " " { line = line.dropFirst() }
        return String(author)
    }
}
