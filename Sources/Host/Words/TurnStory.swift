import Basics
import State
import SurfaceKit

/// What became of a message, for `why`: times and decisions, never content.
package struct TurnStory: Hashable, Sendable {
    /// Where the message stands now.
    package enum Stage: Hashable, Sendable {
        case waiting(attempts: Int)
        case running
        case ended(TurnRecord.Ending)
    }

    package let stage: Stage
    /// Milliseconds since 1970.
    package let acceptedAt: Int64
    /// From acceptance until the agent was asked; `nil` unless it may have heard.
    package let waited: Duration?
    /// From then until its first text; known once the turn has ended.
    package let firstText: Duration?
    /// From then until its end; `nil` where that is not known.
    package let ran: Duration?
    package let messagesDelivered: Int
    package let messagesWaiting: Int
    package let messagesFailed: Int

    package init(_ turn: TurnRecord, replies: [PostRecord]) {
        stage =
            switch turn.state {
            case .waiting: .waiting(attempts: turn.attempts)
            case .sent: .running
            case .ended: .ended(turn.ending ?? .failed)
            }
        acceptedAt = turn.acceptedAt.milliseconds
        let sent = turn.ending?.mayHaveBeenHeard == false ? nil : turn.sentAt
        waited = sent?.duration(since: turn.acceptedAt)
        firstText = sent.flatMap { turn.textAt?.duration(since: $0) }
        // The end of a turn that was cut off is when the next start found it.
        ran = turn.ending == .cut ? nil : sent.flatMap { turn.endedAt?.duration(since: $0) }
        messagesDelivered = replies.count { $0.state == .delivered }
        messagesWaiting = replies.count { $0.state == .due }
        messagesFailed = replies.count { $0.state == .failed }
    }
}

extension TurnRecord.Ending {
    /// Whether the agent may have heard a question that ended so: each attempt is noted before it is made.
    fileprivate var mayHaveBeenHeard: Bool {
        switch self {
        case .unreachable, .refused, .filesUnavailable: false
        case .answered, .empty, .waitsForConfirmation, .agentCancelled, .failed, .truncated, .timedOut, .tooLarge,
            .stopped, .withdrawn, .cut, .gone:
            true
        }
    }
}
