import State
import SurfaceKit
import Synchronization

/// A turn that runs, and the way to end it from outside, once.
final class RunningTurn: Sendable {
    let turn: TurnID
    let context: ContextID
    let surface: SurfaceID
    private let reason = Mutex<TurnRecord.Ending?>(nil)
    private let wakeup = Wakeup()
    private let (ended, finished) = AsyncStream.makeStream(of: Never.self)

    init(_ turn: TurnRecord, on surface: SurfaceID) {
        self.turn = turn.id
        context = turn.context
        self.surface = surface
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
    func untilToEnd() async {
        while ending == nil, !Task.isCancelled { await wakeup.wait() }
    }
}
