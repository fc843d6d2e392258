import SurfaceKit

/// What waits in the state, for each surface.
struct Queues: Sendable {
    /// Accepted questions whose turn has not begun; only surfaces that have some.
    let inbox: [SurfaceID: Int64]
    /// Messages that are owed; only surfaces that have some.
    let outbox: [SurfaceID: Int64]
    /// Open requests of strangers, oldest first.
    let pairings: [PairingRecord]
}

extension Database {
    func queues(now: Timestamp) throws -> Queues {
        // The wider condition is the index’s own: without it all turns that are remembered would be read.
        let inbox = try counts(of: "turn", where: "item.state IN ('waiting', 'sent') AND item.state = 'waiting'")
        let outbox = try counts(of: "post", where: "item.state = 'due'")
        let open = now - PairingRecord.lasts
        return Queues(inbox: inbox, outbox: outbox, pairings: try pairings().filter { $0.askedAt > open })
    }

    private func counts(of table: String, where condition: String) throws -> [SurfaceID: Int64] {
        let rows = try run(
            """
            SELECT surface, count(*) AS n FROM \(table) AS item JOIN conversation ON conversation.id = item.conversation
            WHERE \(condition) GROUP BY surface
            """
        )
        return rows.reduce(into: [:]) { $0[SurfaceID($1.text("surface") ?? "")] = $1.integer("n") }
    }
}
