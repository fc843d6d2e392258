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
    /// From acceptance until the agent had it.
    package let waited: Duration?
    /// From then until its first text.
    package let firstText: Duration?
    /// From then until its end.
    package let ran: Duration?
    package let messagesDelivered: Int
    package let messagesWaiting: Int
    package let messagesFailed: Int

    init(_ turn: TurnRecord, replies: [PostRecord], now: Timestamp) {
        stage =
            switch turn.state {
            case .waiting: .waiting(attempts: turn.attempts)
            case .sent: .running
            case .ended: .ended(turn.ending ?? .failed)
            }
        acceptedAt = turn.acceptedAt.milliseconds
        waited = turn.sentAt?.duration(since: turn.acceptedAt)
        firstText = turn.sentAt.flatMap { sent in turn.textAt?.duration(since: sent) }
        ran = turn.sentAt.map { sent in (turn.endedAt ?? now).duration(since: sent) }
        messagesDelivered = replies.count { $0.state == .delivered }
        messagesWaiting = replies.count { $0.state == .due }
        messagesFailed = replies.count { $0.state == .failed }
    }
}
