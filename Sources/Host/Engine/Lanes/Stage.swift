import State
import SurfaceKit
import Synchronization

/// What runs and what grows in a conversation, shared by its two lanes.
final class Stage: Sendable {
    private struct State {
        var turn: RunningTurn?
        var reply: GrowingReply?
    }

    private let state = Mutex(State())
    /// Whether something may have been queued that was not looked for yet.
    private let news = Atomic<Bool>(true)
    private let alarm = Wakeup()

    var turn: RunningTurn? { state.withLock { $0.turn } }
    var reply: GrowingReply? { state.withLock { $0.reply } }

    func noteNews() {
        news.store(true, ordering: .releasing)
        alarm.signal()
    }

    /// Does `work`, which is given up as soon as something is queued: what is owed waits for nothing that only shows.
    func untilNews(
        _ work: @escaping @Sendable () async throws(SurfaceError) -> Receipt
    ) async throws(SurfaceError) -> Receipt {
        alarm.clear()
        guard !news.load(ordering: .acquiring) else { throw .cancelled }
        let result = await withTaskGroup(of: Result<Receipt, SurfaceError>?.self) { group in
            group.addTask {
                do throws(SurfaceError) { return .success(try await work()) } catch { return .failure(error) }
            }
            group.addTask { [alarm] in
                await alarm.wait()
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        return try (result ?? .failure(.cancelled)).get()
    }

    func takeNews() -> Bool { news.exchange(false, ordering: .acquiringAndReleasing) }

    func begin(_ turn: RunningTurn) { state.withLock { $0.turn = turn } }

    /// Shows a reply from now on, until ``endReply()``.
    func grow(_ reply: GrowingReply) { state.withLock { $0.reply = reply } }

    func endReply() { state.withLock { $0.reply = nil } }

    func endTurn() { state.withLock { $0.turn = nil } }
}
