import Basics
import SurfaceKit

extension Database {
    package func queues(now: Timestamp) throws -> Queues {
        let inbox = try counts(of: "turn", in: "waiting")
        let outbox = try counts(of: "post", in: "due")
        let open = now - PairingRecord.lasts
        return Queues(inbox: inbox, outbox: outbox, pairings: try pairings().filter { $0.askedAt > open })
    }

    private func counts(of table: String, in state: String) throws -> [SurfaceID: Int64] {
        let rows = try run(
            """
            SELECT surface, count(*) AS n FROM \(table) AS item JOIN conversation ON conversation.id = item.conversation
            WHERE item.state = '\(state)' GROUP BY surface
            """
        )
        return rows.reduce(into: [:]) { $0[SurfaceID($1.text("surface") ?? "")] = $1.integer("n") }
    }
}
