import Basics
import State

/// Notices what another process has changed in the state: `surfaces pair` acts through it, also while the host runs.
struct ForeignChanges: Sendable {
    let system: any System
    let store: any StateStore
    let conversations: Conversations
    let log: Log

    private static let interval = Duration.seconds(1)

    /// Looks after each change of another process whether something is owed, until cancelled.
    func watch() async {
        var known: Int64?
        while !Task.isCancelled {
            do {
                let version = try await store.foreignChanges()
                if let known, version != known { try await conversations.wakeAll() }
                known = version
            } catch {
                log.warning("The state cannot be read", ["reason": Fault(error).reason])
            }
            try? await system.sleep(for: Self.interval)
        }
    }
}
