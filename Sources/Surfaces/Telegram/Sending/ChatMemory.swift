import SurfaceKit
import Synchronization

/// What was learned about chats while speaking in them.
final class ChatMemory: Sendable {
    private struct State {
        var quiet: [ChatID: ContinuousClock.Instant] = [:]
        var successors: [ChatID: Int64] = [:]
    }

    private let state = Mutex(State())

    /// The supergroup that a group has become.
    func successor(of chat: ChatID) -> Int64? { state.withLock { $0.successors[chat] } }

    func note(successor: Int64, of chat: ChatID) { state.withLock { $0.successors[chat] = successor } }

    /// Whether nothing but messages may be sent there now.
    func isQuiet(_ chat: ChatID, at now: ContinuousClock.Instant) -> Bool {
        state.withLock { state in
            state.quiet = state.quiet.filter { $0.value > now }
            return state.quiet[chat] != nil
        }
    }

    func note(quiet chat: ChatID, until end: ContinuousClock.Instant) {
        state.withLock { state in state.quiet[chat] = max(end, state.quiet[chat] ?? end) }
    }
}
