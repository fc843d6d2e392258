import SurfaceKit

/// Puts together what the agent says in one run: all its messages as one answer, in pages that a messenger takes.
///
/// Pure: the same texts always give the same pages, whatever the pieces in which they came, and pages that are full
/// stay as they are while the last message grows. What a piece costs does not depend on how much was said before it.
package struct ReplyComposer: Sendable {
    private var messages: [ReplyMessage] = []
    /// The message that grows: the last that shows something.
    private var current: Int?
    /// What was said before it, with what stands between.
    private var settled = ""
    /// Whether a message before it has grown since `settled` was put together.
    private var isStale = false
    private var pager: MarkdownPager?
    private var pagerMaximum = 0
    /// How much of the message that grows the pager has, in bytes.
    private var paged = 0

    package init() {}

    /// Adds to the run’s `index`th message, from 0.
    package mutating func append(index: Int, delta: String) {
        while messages.count <= index { messages.append(ReplyMessage()) }
        messages[index].append(delta)
        guard index != current, messages[index].showsSomething else { return }
        if index > current ?? -1 {
            if !isStale { settle() }
            current = index
        } else {
            isStale = true
        }
    }

    /// Whether there is nothing to show yet.
    package var isEmpty: Bool { current == nil }

    /// How much laying out has taken, as ``MarkdownPager/work`` counts it, since an earlier message grew.
    package var work: Int { pager?.work ?? 0 }

    /// The whole answer as Markdown: the messages that show something, joined by an empty line; empty when none does.
    package var text: String {
        current.map { (isStale ? settledAnew : settled) + messages[$0].trimmed } ?? ""
    }

    /// The answer in messages that `limit` admits; none while there is nothing to show.
    ///
    /// Give the same limit each time.
    package mutating func pages(limit: Capabilities.TextLimit) -> [MessageText] {
        pages(limit: limit, upTo: .max).texts
    }

    /// The first pages of the answer, at most `most`, and whether there are more.
    package mutating func pages(limit: Capabilities.TextLimit, upTo most: Int) -> MarkdownPager.Pages {
        if isStale {
            settled = settledAnew
            isStale = false
            pager = nil
        }
        // Taken out, so that it is changed in place.
        var pager = pagerMaximum == limit.maximum ? self.pager ?? newPager(limit) : newPager(limit)
        self.pager = nil
        if let current {
            let message = messages[current].trimmed
            pager.append(Substring(message.utf8.dropFirst(paged)))
            paged = message.utf8.count
        }
        let pages = pager.pages(upTo: most)
        self.pager = pager
        return pages
    }

    private mutating func newPager(_ limit: Capabilities.TextLimit) -> MarkdownPager {
        pagerMaximum = limit.maximum
        paged = 0
        var pager = MarkdownPager(limit: limit)
        pager.append(settled[...])
        return pager
    }

    /// Ends the message that grows.
    private mutating func settle() {
        guard let current else { return }
        let rest = messages[current].trimmed
        let end = messages[current].closing + "\n\n"
        settled += rest + end
        pager?.append(Substring(rest.utf8.dropFirst(paged)))
        pager?.append(end[...])
        paged = 0
    }

    /// What was said before the message that grows, put together again.
    private var settledAnew: String {
        messages[..<(current ?? 0)].filter(\.showsSomething).map { "\($0.trimmed)\($0.closing)\n\n" }.joined()
    }
}
