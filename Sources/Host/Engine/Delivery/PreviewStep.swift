import State
import SurfaceKit

/// A page of a growing reply, as it is shown.
struct ShownPage: Hashable, Sendable {
    let post: PostRecord
    var message: MessageID
    var text: MessageText
    var edits: Int
}

/// The next thing to do so that a growing reply shows what was said.
enum PreviewStep: Hashable, Sendable {
    case open(page: Int, MessageText)
    case edit(page: Int, MessageText)
    case nothing

    /// Earlier pages first: a page is begun when the one before it is complete.
    static func next(wanted: [MessageText], shown: [ShownPage], editsPerMessage: Int) -> PreviewStep {
        for (page, text) in wanted.enumerated() {
            guard page < shown.count else { return .open(page: page, text) }
            // The last page grows on; a complete one is edited at most once more.
            let limit = page == wanted.count - 1 ? editsPerMessage - 1 : editsPerMessage
            if shown[page].text != text, shown[page].edits < limit { return .edit(page: page, text) }
        }
        return .nothing
    }
}
