import Basics

/// Notices what another process has changed in the state: `surfaces pair` acts through it, also while the host runs.
struct ForeignChanges: Sendable {
    let store: Store
    let log: Log

    private static let interval = Duration.seconds(1)

    /// Calls `changed` after each change of another process, until cancelled.
    func watch(_ changed: () async throws -> Void) async {
        var known: Int64?
        while !Task.isCancelled {
            do {
                let version = try await store.read { try $0.foreignChanges() }
                if let known, version != known { try await changed() }
                known = version
            } catch {
                log.warning("The state cannot be read", ["reason": "\(error)"])
            }
            try? await Task.sleep(for: Self.interval)
        }
    }
}
