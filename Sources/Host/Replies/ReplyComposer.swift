import SurfaceKit

/// Puts together what the agent says in one run: all its messages as one answer, in pages that a messenger takes.
///
/// Pure: the same texts always give the same pages, whatever the pieces in which they came, and pages that are full
/// stay as they are while the last message grows.
package struct ReplyComposer: Sendable {
    private var messages: [ReplyMessage] = []
    private var pager: MarkdownPager?
    private var pagerMaximum = 0

    package init() {}

    /// Adds to the run’s `index`th message, from 0.
    package mutating func append(index: Int, delta: String) {
        while messages.count <= index {
            messages.indices.last.map { messages[$0].end() }
            messages.append(ReplyMessage())
        }
        messages[index].append(delta)
        guard index < messages.count - 1 else { return }
        messages[index].end()
        pager = nil
    }

    /// Whether there is nothing to show yet.
    package var isEmpty: Bool { !messages.contains(where: \.showsSomething) }

    /// The whole answer as Markdown: the messages that show something, joined by an empty line; empty when none does.
    package var text: String {
        let shown = messages.filter(\.showsSomething)
        guard let last = shown.last else { return "" }
        return shown.dropLast().map { "\($0.trimmed)\($0.closing)\n\n" }.joined() + last.trimmed
    }

    /// The answer in messages that `limit` admits; none while there is nothing to show.
    ///
    /// Give the same limit each time.
    package mutating func pages(limit: Capabilities.TextLimit) -> [MessageText] {
        if pagerMaximum != limit.maximum { pager = nil }
        var pager = pager ?? MarkdownPager(limit: limit)
        defer {
            self.pager = pager
            pagerMaximum = limit.maximum
        }
        return pager.pages(of: text)
    }
}

/// One message of the agent, cleaned while it comes.
private struct ReplyMessage: Sendable {
    private var text = ""
    private(set) var showsSomething = false
    /// The line that ends a code block which the message left open.
    private(set) var closing = ""
    private var endsInReturn = false

    mutating func append(_ delta: String) {
        var clean = ""
        for scalar in delta.unicodeScalars {
            defer { endsInReturn = scalar == "\r" }
            if scalar == "\n", endsInReturn { continue }
            clean.unicodeScalars.append(shown(scalar))
        }
        if !showsSomething {
            showsSomething = delta.showsSomething
            // What shows nothing at the beginning is no line of the answer.
            clean = showsSomething ? (text + clean).withoutLeadingEmptyLines : text + clean
            text = ""
        }
        text += clean
    }

    var trimmed: Substring {
        let end = text.utf8.lastIndex { !$0.isSpace }
        return end.map { text[...$0] } ?? ""
    }

    /// Takes note that another message follows.
    mutating func end() {
        let bytes = Array(trimmed.utf8)
        guard let last = MarkdownOutline(markdown: bytes).lines.last, case .fenced(let fence) = last.content else {
            return closing = ""
        }
        let end = bytes[last.bytes].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ">") }
        let isClosed = end.count >= fence.mark.count && end.allSatisfy { $0 == fence.mark.first }
        closing = isClosed ? "" : "\n" + String(decoding: fence.prefix + fence.mark, as: UTF8.self)
    }

    /// `\n` for returns, U+FFFD for control characters, which messengers refuse or drop.
    private func shown(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "\n", "\t": scalar
        case "\r": "\n"
        default: scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar
        }
    }
}

extension String {
    fileprivate var withoutLeadingEmptyLines: String {
        let first = utf8.firstIndex { !$0.isSpace } ?? endIndex
        let line = utf8[..<first].lastIndex(of: UInt8(ascii: "\n")).map { utf8.index(after: $0) }
        return String(self[(line ?? startIndex)...])
    }
}
