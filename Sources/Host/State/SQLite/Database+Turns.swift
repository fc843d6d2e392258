import Basics
import SurfaceKit

extension Database {
    package func addTurn(
        in conversation: ConversationID,
        of context: ContextID,
        message: MessageID,
        sender: PersonID,
        question: Question,
        now: Timestamp
    ) throws -> TurnID {
        try run(
            """
            INSERT INTO turn (conversation, context, message, sender, question, state, accepted_at)
            VALUES (?, ?, ?, ?, ?, 'waiting', ?)
            """,
            SQLValue(conversation),
            SQLValue(context),
            .text(message.rawValue),
            .text(sender.rawValue),
            .text(try question.stored()),
            SQLValue(now)
        )
        let id = TurnID(lastInserted)
        try run("UPDATE context SET used_at = ? WHERE id = ?", SQLValue(now), SQLValue(context))
        return id
    }

    package func turn(_ id: TurnID) throws -> TurnRecord? {
        try run("SELECT * FROM turn WHERE id = ?", SQLValue(id)).first.map(TurnRecord.init)
    }

    package func nextTurn(in conversation: ConversationID) throws -> TurnRecord? {
        try run(
            """
            SELECT * FROM turn WHERE conversation = ? AND state = 'waiting' ORDER BY id LIMIT 1
            """,
            SQLValue(conversation)
        ).first.map(TurnRecord.init)
    }

    package func surfacesAhead(of turn: TurnRecord) throws -> Set<SurfaceID> {
        let rows = try run(
            """
            SELECT DISTINCT conversation.surface AS surface FROM turn
            JOIN conversation ON conversation.id = turn.conversation
            WHERE turn.context = ? AND turn.id < ? AND turn.state IN ('waiting', 'sent')
            """,
            SQLValue(turn.context),
            SQLValue(turn.id)
        )
        return Set(rows.compactMap { $0.text("surface").map { SurfaceID($0) } })
    }

    package func lastTurn(in conversation: ConversationID) throws -> TurnRecord? {
        try run(
            "SELECT * FROM turn WHERE conversation = ? ORDER BY id DESC LIMIT 1",
            SQLValue(conversation)
        ).first.map(TurnRecord.init)
    }

    package func lastTurn(in conversation: ConversationID, of context: ContextID) throws -> TurnRecord? {
        try run(
            "SELECT * FROM turn WHERE conversation = ? AND context = ? ORDER BY id DESC LIMIT 1",
            SQLValue(conversation),
            SQLValue(context)
        ).first.map(TurnRecord.init)
    }

    package func turn(of message: MessageID, in conversation: ConversationID) throws -> TurnRecord? {
        try run(
            "SELECT * FROM turn WHERE conversation = ? AND message = ? ORDER BY id DESC LIMIT 1",
            SQLValue(conversation),
            .text(message.rawValue)
        ).first.map(TurnRecord.init)
    }

    package func currentTurn(of context: ContextID) throws -> TurnRecord? {
        try run(
            """
            SELECT * FROM turn WHERE context = ? AND state IN ('waiting', 'sent') ORDER BY state = 'sent' DESC, id LIMIT 1
            """,
            SQLValue(context)
        ).first.map(TurnRecord.init)
    }

    package func currentTurn(in conversation: ConversationID) throws -> TurnRecord? {
        let sent = try run(
            "SELECT * FROM turn WHERE conversation = ? AND state = 'sent' ORDER BY id LIMIT 1",
            SQLValue(conversation)
        ).first
        return try sent.map(TurnRecord.init) ?? nextTurn(in: conversation)
    }

    package func conversationsWithWaitingTurns() throws -> [ConversationID] {
        try run("SELECT DISTINCT conversation FROM turn WHERE state = 'waiting'")
            .compactMap { $0.id("conversation") }
    }

    package func waitingTurns() throws -> Int64 {
        try run("SELECT count(*) AS n FROM turn WHERE state = 'waiting'")
            .first?.integer("n") ?? 0
    }

    // MARK: The course of a turn

    package func beginTurn(_ turn: TurnRecord, now: Timestamp) throws -> Bool {
        try run(
            """
            UPDATE turn SET state = 'sent', sent_at = ?, tried_at = coalesce(tried_at, ?), attempts = attempts + 1
            WHERE id = ? AND context = ? AND state = 'waiting'
            """,
            SQLValue(now),
            SQLValue(now),
            SQLValue(turn.id),
            SQLValue(turn.context)
        )
        return changes == 1
    }

    package func noteFailedAttempt(at turn: TurnRecord, now: Timestamp) throws {
        try run(
            """
            UPDATE turn SET tried_at = coalesce(tried_at, ?), attempts = attempts + (state = 'waiting'),
            state = 'waiting', sent_at = NULL WHERE id = ? AND state IN ('waiting', 'sent')
            """,
            SQLValue(now),
            SQLValue(turn.id)
        )
    }

    package func noteFirstText(of turn: TurnID, at time: Timestamp) throws {
        try run("UPDATE turn SET text_at = coalesce(text_at, ?) WHERE id = ?", SQLValue(time), SQLValue(turn))
    }

    package func noteAnswer(_ message: String, of turn: TurnID) throws {
        try run("UPDATE turn SET answer = coalesce(answer, ?) WHERE id = ?", .text(message), SQLValue(turn))
    }

    package func endTurn(_ turn: TurnID, as ending: TurnRecord.Ending, now: Timestamp) throws {
        try run(
            "UPDATE turn SET state = 'ended', ended_at = ?, ending = ? WHERE id = ?",
            SQLValue(now),
            .text(ending.word),
            SQLValue(turn)
        )
    }

    package func endWaitingTurns(
        in conversation: ConversationID,
        as ending: TurnRecord.Ending,
        now: Timestamp
    ) throws -> Int {
        try run(
            """
            UPDATE turn SET state = 'ended', ended_at = ?, ending = ?
            WHERE conversation = ? AND state = 'waiting'
            """,
            SQLValue(now),
            .text(ending.word),
            SQLValue(conversation)
        )
        return changes
    }

    package func setQuestion(_ question: Question, of turn: TurnID) throws {
        try run("UPDATE turn SET question = ? WHERE id = ?", .text(try question.stored()), SQLValue(turn))
    }

    // MARK: After a death of the host

    package func endCutOffTurns(on surface: SurfaceID?, now: Timestamp) throws {
        let cut = try run(
            """
            SELECT turn.id AS id FROM turn JOIN conversation ON conversation.id = turn.conversation
            WHERE turn.state = 'sent'
            AND (conversation.surface = ? OR ? IS NULL)
            """,
            SQLValue(surface?.rawValue),
            SQLValue(surface?.rawValue)
        )
        for turn: TurnID in cut.compactMap({ $0.id("id") }) {
            try run(
                """
                UPDATE post SET state = 'due', due_at = ?,
                content = CASE state WHEN 'preview' THEN NULL ELSE content END
                WHERE turn = ? AND state IN ('preview', 'draft')
                """,
                SQLValue(now),
                SQLValue(turn)
            )
            try run(
                "UPDATE turn SET state = 'ended', ended_at = ?, ending = 'cut', told = 0 WHERE id = ?",
                SQLValue(now),
                SQLValue(turn)
            )
        }
    }

    package func untoldTurns(on surface: SurfaceID) throws -> [TurnID] {
        try run(
            """
            SELECT turn.id AS id FROM turn JOIN conversation ON conversation.id = turn.conversation
            WHERE told = 0 AND surface = ? ORDER BY turn.id
            """,
            .text(surface.rawValue)
        ).compactMap { $0.id("id") }
    }

    package func noteTold(_ turn: TurnID) throws { try run("UPDATE turn SET told = 1 WHERE id = ?", SQLValue(turn)) }
}

extension TurnRecord {
    package init(_ row: SQLRow) throws {
        guard let id: TurnID = row.id("id") else { throw StateError.failed(reason: "a turn without a number") }
        do {
            self.init(
                id: id,
                conversation: try row.id("conversation", of: "turn"),
                context: try row.id("context", of: "turn"),
                message: MessageID(try row.text("message", of: "turn")),
                sender: PersonID(try row.text("sender", of: "turn")),
                question: try Question(stored: row.text("question")),
                state: try State(stored: row.text("state")),
                acceptedAt: try row.time("accepted_at", of: "turn"),
                triedAt: row.time("tried_at"),
                attempts: Int(clamping: row.integer("attempts") ?? 0),
                sentAt: row.time("sent_at"),
                textAt: row.time("text_at"),
                endedAt: row.time("ended_at"),
                ending: try row.text("ending").map { try Ending(stored: $0) },
                answer: row.text("answer")
            )
        } catch {
            throw StateError.damaged(.turn(id), reason: "\(error)")
        }
    }
}
