import Basics
import SurfaceKit

extension Database {
    package func fail(_ row: DamagedRow, now: Timestamp) throws -> ConversationID? {
        switch row {
        case .turn(let id): try fail(id, now)
        case .post(let id): try fail(id, now)
        case .context(let id): try fail(id)
        case .conversation(let id): try fail(id)
        }
    }

    private func fail(_ turn: TurnID, _ now: Timestamp) throws -> ConversationID? {
        let rows = try run(
            """
            UPDATE turn SET state = 'ended', ended_at = coalesce(ended_at, ?), ending = 'failed', question = ?
            WHERE id = ? RETURNING conversation
            """,
            SQLValue(now),
            .text(try Question(text: "", files: []).stored()),
            SQLValue(turn)
        )
        // What was shown of it stays as it is; else its posts, and with them the turn, would be kept for ever.
        _ = try keepPreviews(of: turn, now: now)
        try forgetDrafts(of: turn)
        return rows.first?.id("conversation")
    }

    private func fail(_ post: PostID, _ now: Timestamp) throws -> ConversationID? {
        let rows = try run(
            """
            UPDATE post SET state = 'failed', content = NULL, shown = NULL, done_at = ? WHERE id = ?
            RETURNING conversation
            """,
            SQLValue(now),
            SQLValue(post)
        )
        return rows.first?.id("conversation")
    }

    /// Its chats go on in a new one.
    private func fail(_ context: ContextID) throws -> ConversationID? {
        try run("UPDATE conversation SET context = NULL WHERE context = ?", SQLValue(context))
        try forgetContext(context)
        return nil
    }

    /// What is said in a group is meant for everybody there: the kind that gives nothing away.
    private func fail(_ conversation: ConversationID) throws -> ConversationID? {
        try run("UPDATE conversation SET kind = ? WHERE id = ?", .text(ChatKind.group.word), SQLValue(conversation))
        return nil
    }
}
