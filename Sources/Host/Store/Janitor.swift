import Basics
import SurfaceKit

/// Removes what nobody can need any more, so that neither disk nor memory grows with time.
struct Janitor: Sendable {
    let store: Store
    let files: FileCabinet
    let log: Log
    /// Called with the number of messages of a surface that could not be delivered for too long.
    var givenUp: @Sendable (Int, SurfaceID) -> Void = { _, _ in }

    /// Messengers deliver an event again for at most a day; twice that is kept.
    private static let leastMemory = Duration.seconds(2 * 24 * 3600)
    private static let interval = Duration.seconds(3600)

    /// Cleans now and then until cancelled.
    ///
    /// - Parameters:
    ///   - retention: How long ended turns and delivered messages are remembered.
    ///   - keepFiles: How long staged files are kept.
    func run(retention: @Sendable () -> Duration, keepFiles: @Sendable () -> Duration) async {
        while !Task.isCancelled {
            do {
                try await clean(retention: retention(), keepFiles: keepFiles())
            } catch {
                log.warning("Old state cannot be removed", ["reason": "\(error)"])
            }
            try? await Task.sleep(for: Self.interval)
        }
    }

    func clean(retention: Duration, keepFiles: Duration) async throws {
        let now = Timestamp.now
        let given = try await store.write { try $0.giveUpPosts(dueBefore: now - RetryPolicy.patience, now: now) }
        for (surface, posts) in given {
            log.error(
                "Messages were given up: they could not be delivered for a day",
                ["surface": surface, "posts": posts]
            )
            givenUp(posts, surface)
        }
        try await store.write { database in
            let old = SQLValue(now - retention)
            try database.run("DELETE FROM seen WHERE at < ?", SQLValue(now - max(retention, Self.leastMemory)))
            try database.run("DELETE FROM staged WHERE at < ?", SQLValue(now - keepFiles))
            try database.run("DELETE FROM set_aside WHERE at < ?", old)
            try database.run("DELETE FROM post WHERE done_at < ?", old)
            try database.run(
                "DELETE FROM turn WHERE ended_at < ? AND id NOT IN (SELECT turn FROM post WHERE turn IS NOT NULL)",
                old
            )
            try forgetContexts(unusedSince: old, in: database)
            try database.forgetOldPairings(now: now)
            try database.forgetOldLinks(now: now)
        }
        // Listed first: what comes after that belongs to a question that is not yet among those to keep.
        let present = Set(files.turns)
        let kept = try await store.read { database in
            Set(
                try database.run(
                    """
                    SELECT turn AS id FROM transcript UNION SELECT id FROM turn WHERE state != 'ended'
                    UNION SELECT turn FROM post WHERE state = 'due' AND turn IS NOT NULL
                    """
                ).compactMap { $0.integer("id") }
            )
        }
        files.clean { kept.contains($0) || !present.contains($0) }
    }

    /// A context that no chat is on and that nobody named cannot be reached again.
    private func forgetContexts(unusedSince old: SQLValue, in database: Database) throws {
        let unused = """
            SELECT id FROM context WHERE used_at < ? AND name IS NULL
            AND id NOT IN (SELECT context FROM conversation WHERE context IS NOT NULL)
            """
        try database.run("DELETE FROM transcript WHERE context IN (\(unused))", old)
        try database.run("DELETE FROM context WHERE id IN (\(unused))", old)
    }
}
