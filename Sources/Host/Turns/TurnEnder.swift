import Synchronization

/// Ends a running turn from outside, once.
final class TurnEnder: Sendable {
    let turn: Int64
    let conversation: Int64
    private let reason = Mutex<TurnRecord.Ending?>(nil)
    private let wakeup = Wakeup()
    private let (ended, finished) = AsyncStream.makeStream(of: Never.self)

    init(turn: Int64, conversation: Int64) {
        self.turn = turn
        self.conversation = conversation
    }

    /// Why the turn is to end; `nil` while it may go on.
    var ending: TurnRecord.Ending? { reason.withLock { $0 } }

    /// The first reason counts.
    func end(as ending: TurnRecord.Ending) {
        reason.withLock { $0 = $0 ?? ending }
        wakeup.signal()
    }

    /// Says that the turn has ended, for ``untilFinished()``.
    func finish() { finished.finish() }

    /// Returns when the turn has ended.
    func untilFinished() async { for await _ in ended {} }

    /// Returns when the turn is to end, or when cancelled.
    func wait() async {
        while ending == nil, !Task.isCancelled { await wakeup.wait() }
    }
}
