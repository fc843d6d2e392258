import AgentLink
import SurfaceKit

/// One message of a context, as the agent is shown it.
package struct TranscriptEntry: Hashable, Sendable {
    package let turn: Int64
    package let message: AgentMessage

    package init(turn: Int64, message: AgentMessage) {
        self.turn = turn
        self.message = message
    }
}

extension Database {
    func transcript(of context: Int64) throws -> [TranscriptEntry] {
        try run("SELECT turn, message FROM transcript WHERE context = ? ORDER BY position", .integer(context))
            .map { row in
                TranscriptEntry(
                    turn: row.integer("turn") ?? 0,
                    message: try Coded.value(AgentMessage.self, row.text("message"))
                )
            }
    }

    func append(_ messages: [AgentMessage], of turn: Int64, to context: Int64) throws {
        for message in messages {
            try run(
                """
                INSERT INTO transcript
                SELECT ?, coalesce(max(position), 0) + 1, ?, ? FROM transcript WHERE context = ?
                """,
                .integer(context),
                .integer(turn),
                .text(try Coded.text(message)),
                .integer(context)
            )
        }
    }

    /// Drops the turns before `turn`: they no longer fit the limits.
    func dropTranscript(of context: Int64, before turn: Int64) throws {
        try run("DELETE FROM transcript WHERE context = ? AND turn < ?", .integer(context), .integer(turn))
    }

    func forgetTranscript(of turn: Int64, in context: Int64) throws {
        try run("DELETE FROM transcript WHERE context = ? AND turn = ?", .integer(context), .integer(turn))
    }

    func transcriptSize(of context: Int64) throws -> (messages: Int, bytes: Int) {
        let row = try run(
            "SELECT count(*) AS n, coalesce(sum(length(CAST(message AS BLOB))), 0) AS bytes FROM transcript WHERE context = ?",
            .integer(context)
        ).first
        return (Int(row?.integer("n") ?? 0), Int(row?.integer("bytes") ?? 0))
    }

    /// - Returns: How many there were.
    func endWaitingTurns(in conversation: Int64, as ending: TurnRecord.Ending, now: Timestamp) throws -> Int {
        try run(
            "UPDATE turn SET state = 'ended', ended_at = ?, ending = ? WHERE conversation = ? AND state = 'waiting'",
            SQLValue(now),
            .text(ending.rawValue),
            .integer(conversation)
        )
        return changes
    }

    /// Everything that the bot said in answer to a turn.
    func replies(to turn: Int64) throws -> [PostRecord] {
        try run("SELECT * FROM post WHERE turn = ? ORDER BY id", .integer(turn)).map(PostRecord.init)
    }
}
