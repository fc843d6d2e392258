import State
import SurfaceKit

/// What follows a failed attempt at a message that is owed.
///
/// A permanent refusal goes down a ladder of simpler forms and ends in one notice, so that nothing owed ends in silence.
enum DeliveryDecision: Hashable, Sendable {
    /// The same once more.
    case retry(after: Duration)
    /// Put more simply: ``PostForm``.
    case simplify(PostForm)
    /// The message to edit is gone: a new one.
    case renew(after: Duration)
    /// The message takes no edit: all of it in a new one. What is left of the old one goes, unless it is gone already.
    case replace(removesOld: Bool)
    /// Nothing can be done until the surface works again.
    case suspend
    /// Nobody will read it: the chat is gone.
    case drop
    /// The messenger takes it in no form.
    case fail
    /// It was tried for too long; the chat is told when it works again.
    case lose

    /// How long a message is tried.
    static let patience = Duration.seconds(24 * 3600)
    /// Failures of a messenger that works otherwise, after which the message is at fault.
    static let mostAttempts = 200
    /// Messages that are made for one post before all of it is sent in one piece.
    static let mostOpenings = 3

    /// Decides after an attempt that `fault` ended.
    ///
    /// - Parameters:
    ///   - isEdit: Whether a message was to be edited, not sent.
    ///   - failures: Attempts that failed one after the other, this one too.
    ///   - works: Whether the messenger works otherwise.
    ///   - owedFor: Since it is owed.
    static func make(
        after fault: Fault,
        _ post: PostRecord,
        isEdit: Bool,
        failures: Int,
        works: Bool,
        owedFor: Duration
    ) -> DeliveryDecision {
        let isAtFault = works && post.attempts + 1 >= mostAttempts
        return switch fault {
        // While the surface hears, only this call was refused, or given up: nothing would wake the conversation later.
        case .cancelled, .surface:
            if !works {
                .suspend
            } else if owedFor >= patience {
                .lose
            } else {
                .retry(after: Backoff.delay(attempt: failures))
            }
        case .message(.conversationGone, _): .drop
        case .message(.messageGone, _) where isEdit:
            post.generation < mostOpenings - 1
                ? .renew(after: Backoff.delay(attempt: post.generation + 1)) : .replace(removesOld: false)
        case .message: refused(post, isEdit: isEdit)
        case .temporary where owedFor >= patience, .uncertain where owedFor >= patience: .lose
        case .temporary where isAtFault, .uncertain where isAtFault: refused(post, isEdit: isEdit)
        // A zero wait counts as none, and nothing is waited for longer than it is tried.
        case .temporary(let told?, _) where told > .zero: .retry(after: min(told, patience))
        case .temporary, .uncertain: .retry(after: Backoff.delay(attempt: failures))
        case .row, .defect: .fail
        }
    }

    private static func refused(_ post: PostRecord, isEdit: Bool) -> DeliveryDecision {
        if let form = post.simplerForm { return .simplify(form) }
        if isEdit { return .replace(removesOld: true) }
        return post.form == .notice ? .fail : .simplify(.notice)
    }
}

extension PostRecord {
    /// The form to try when this one is refused, other than the notice; `nil` when there is none.
    fileprivate var simplerForm: PostForm? {
        guard form == .whole, let content = content ?? shown else { return nil }
        return content.simplified == content ? nil : .simple
    }
}

extension MessageContent {
    /// What it is when the messenger does not take it as it is: characters without form, a document.
    var simplified: MessageContent {
        switch self {
        case .text(let text):
            guard text.format != .plain else { return self }
            let plain = FormattedText(text).plainText
            return .text(MessageText(plain, format: .plain, isPublic: text.isPublic))
        case .file(let file):
            return .file(
                OutboundFile(
                    path: file.path,
                    kind: .document,
                    name: file.name,
                    mimeType: file.mimeType,
                    size: file.size
                )
            )
        }
    }
}
