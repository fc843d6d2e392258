import Replies
import SurfaceKit

/// A growing answer laid out in messages.
struct ReplyLayout: Sendable {
    /// An answer as messages.
    struct Pages: Hashable, Sendable {
        var texts: [MessageText]
        /// Whether the answer goes on behind the last of them.
        var hasMore: Bool
    }

    private var composer = ReplyComposer()
    private let limit: Capabilities.TextLimit
    private let mostPages: Int

    init(limit: Capabilities.TextLimit, mostPages: Int) {
        self.limit = limit
        self.mostPages = mostPages
    }

    /// Takes its time: to be asked from a thread that may.
    mutating func pages(adding deltas: [(index: Int, delta: String)]) -> Pages {
        for (index, delta) in deltas { composer.append(index: index, delta: delta) }
        let pages = composer.pages(limit: limit, upTo: mostPages)
        return Pages(texts: pages.texts, hasMore: pages.hasMore)
    }
}
