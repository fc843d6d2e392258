import AgentLink
import Basics
import SurfaceKit

extension Database {
    /// Rows that one step looks at.
    private static let step = 100

    package func forget(
        _ retention: Retention,
        from place: ForgettingPlace,
        now: Timestamp
    ) throws -> ForgettingPlace? {
        let old = now - retention.ended
        switch place.stage {
        case .events:
            return try forgetEvents(before: now - max(retention.ended, Retention.leastForEvents), place)
        case .staged: return try forgetRows(of: "staged", by: "at", before: now - retention.staged, place)
        case .setAside: return try forgetRows(of: "set_aside", by: "at", before: old, place)
        case .posts: return try forgetRows(of: "post", by: "done_at", before: old, place)
        case .turns: return try forgetTurns(endedBefore: old, place)
        case .contexts: return try forgetContexts(unusedSince: old, place)
        case .threads: return try forgetLooseThreads(place)
        case .people:
            try forgetOldPairings(now: now)
            try forgetOldLinks(now: now)
            return place.nextStage
        }
    }

    private func forgetEvents(before old: Timestamp, _ place: ForgettingPlace) throws -> ForgettingPlace? {
        try run(
            "DELETE FROM seen WHERE (surface, event) IN (SELECT surface, event FROM seen WHERE at < ? LIMIT ?)",
            SQLValue(old),
            .integer(Int64(Self.step))
        )
        return changes < Self.step ? place.nextStage : place
    }

    private func forgetRows(
        of table: String,
        by column: String,
        before old: Timestamp,
        _ place: ForgettingPlace
    ) throws -> ForgettingPlace? {
        try run(
            "DELETE FROM \(table) WHERE id IN (SELECT id FROM \(table) WHERE \(column) < ? LIMIT ?)",
            SQLValue(old),
            .integer(Int64(Self.step))
        )
        return changes < Self.step ? place.nextStage : place
    }

    /// With what the agent was shown of them, unless a person named the context; not those of which something is owed.
    private func forgetTurns(endedBefore old: Timestamp, _ place: ForgettingPlace) throws -> ForgettingPlace? {
        let rows = try run(
            """
            SELECT id, ended_at AS time,
            EXISTS (SELECT 1 FROM post WHERE turn = turn.id AND state NOT IN ('preview', 'draft')) AS needed,
            EXISTS (SELECT 1 FROM context WHERE id = turn.context AND name IS NOT NULL) AS named
            FROM turn WHERE ended_at < ? AND (ended_at, id) > (?, ?) ORDER BY ended_at, id LIMIT ?
            """,
            SQLValue(old),
            .integer(place.time),
            .integer(place.number),
            .integer(Int64(Self.step))
        )
        for row in rows where row.integer("needed") == 0 {
            guard let turn: TurnID = row.id("id") else { continue }
            try run("DELETE FROM post WHERE turn = ?", SQLValue(turn))
            try run("DELETE FROM turn WHERE id = ?", SQLValue(turn))
            if row.integer("named") == 0 { try run("DELETE FROM transcript WHERE turn = ?", SQLValue(turn)) }
        }
        return Self.place(after: rows, place)
    }

    /// A context without a name that no chat is on, or only threads in which nothing happens any more, is not reached
    /// again.
    private func forgetContexts(unusedSince old: Timestamp, _ place: ForgettingPlace) throws -> ForgettingPlace? {
        let rows = try run(
            """
            SELECT id, used_at AS time, name IS NOT NULL
            OR EXISTS (SELECT 1 FROM conversation WHERE context = context.id AND thread = '')
            OR EXISTS (SELECT 1 FROM turn WHERE context = context.id AND state IN ('waiting', 'sent')) AS needed
            FROM context WHERE used_at < ? AND (used_at, id) > (?, ?) ORDER BY used_at, id LIMIT ?
            """,
            SQLValue(old),
            .integer(place.time),
            .integer(place.number),
            .integer(Int64(Self.step))
        )
        for row in rows where row.integer("needed") == 0 {
            guard let context: ContextID = row.id("id") else { continue }
            try run("UPDATE conversation SET context = NULL WHERE context = ?", SQLValue(context))
            try forgetContext(context)
        }
        return Self.place(after: rows, place)
    }

    /// A thread without a context, of which nothing is remembered, is made anew when somebody speaks in it.
    private func forgetLooseThreads(_ place: ForgettingPlace) throws -> ForgettingPlace? {
        let rows = try run(
            """
            SELECT id, 0 AS time FROM conversation WHERE thread <> '' AND context IS NULL AND id > ? ORDER BY id LIMIT ?
            """,
            .integer(place.number),
            .integer(Int64(Self.step))
        )
        for row in rows {
            guard let id: ConversationID = row.id("id") else { continue }
            let isNeeded = try ["turn", "post", "staged", "pairing", "link_code", "link_offer"].contains { table in
                try !run("SELECT 1 FROM \(table) WHERE conversation = ? LIMIT 1", SQLValue(id)).isEmpty
            }
            if !isNeeded { try run("DELETE FROM conversation WHERE id = ?", SQLValue(id)) }
        }
        return Self.place(after: rows, place)
    }

    private static func place(after rows: [SQLRow], _ place: ForgettingPlace) -> ForgettingPlace? {
        guard rows.count == step, let time = rows.last?.integer("time"), let number = rows.last?.integer("id") else {
            return place.nextStage
        }
        return ForgettingPlace(place.stage, time: time, number: number)
    }
}
