import Basics
import SurfaceKit

/// A bot on @NAME@.
package struct @MODULE@Surface: Surface {
    package static let kind: SurfaceKind = "@NAME@"

    /// Cautious until the messenger's own numbers are known.
    package let capabilities = Capabilities(
        text: Capabilities.TextLimit(maximum: 1000) { $0.source.utf8.count },
        fileBytes: 1_000_000,
        repetition: .duplicates,
        rateLimits: [RateLimit(scope: .chat, burst: 3, perSecond: 1, reserve: 1)],
        editInterval: .seconds(3),
        editsPerMessage: 100,
        typingLasts: .seconds(5),
        commandPrefix: "/"
    )

    private let options: @MODULE@Options
    private let context: SurfaceContext

    package init(options: @MODULE@Options, context: SurfaceContext) {
        self.options = options
        self.context = context
    }

    package func identify() async throws(SurfaceError) -> Identity {
        throw .notWritten("identify() asks the messenger who the bot is")
    }

    package func receive(from checkpoint: Checkpoint?, into inbox: some Inbox) async throws(SurfaceError) {
        throw .notWritten("receive() takes what people say to the inbox")
    }

    package func perform(_ operation: OutboundOperation, as id: OperationID) async throws(SurfaceError) -> Receipt {
        switch operation {
        case .send(.text, _, _): throw .notWritten("perform() posts a text, and its receipt names the message")
        case .send(.file, _, _): throw .notWritten("perform() posts a file")
        case .edit: throw .notWritten("perform() changes a message of the bot")
        case .delete: throw .notWritten("perform() deletes a message of the bot")
        case .draft: throw .refused(.other, reason: "drafts are not among the capabilities")
        case .typing: throw .notWritten("perform() shows that the bot is writing, where the messenger can")
        case .markRead: throw .notWritten("perform() marks a message as read, where the messenger can")
        }
    }

    package func fetch(
        _ file: FileReference,
        limit: Int,
        into sink: @Sendable ([UInt8]) async throws(SurfaceError) -> Void
    ) async throws(SurfaceError) {
        throw .notWritten("fetch() streams a file that a person sent")
    }
}

extension SurfaceError {
    /// - Parameter what: What the messenger would be asked, were it written.
    fileprivate static func notWritten(_ what: String) -> SurfaceError {
        .refused(.other, reason: "not written yet: \(what)")
    }
}
