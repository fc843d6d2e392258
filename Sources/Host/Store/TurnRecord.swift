import SurfaceKit

/// One question and what became of it.
package struct TurnRecord: Hashable, Sendable {
    package enum State: String, Sendable {
        /// The agent has received nothing of it.
        case waiting
        /// The agent may have acted on it: it is never asked again by itself.
        case sent
        case ended
    }

    /// How a turn ended.
    package enum Ending: String, Sendable, Codable, CaseIterable {
        case answered, empty, waitsForConfirmation, agentCancelled
        case failed, truncated, timedOut, tooLarge
        case unreachable, refused, filesUnavailable
        case stopped, withdrawn, cut, gone
    }

    package let id: Int64
    package let conversation: Int64
    package let context: Int64
    package let message: MessageID
    package let sender: PersonID
    package let question: Question
    package let state: State
    package let acceptedAt: Timestamp
    /// First attempt to reach the agent.
    package let triedAt: Timestamp?
    package let attempts: Int
    package let sentAt: Timestamp?
    package let textAt: Timestamp?
    package let endedAt: Timestamp?
    package let ending: Ending?
}

/// What a person asked, with everything that goes with it.
package struct Question: Hashable, Sendable, Codable {
    package var text: String
    package var files: [InboundFile]
    package var quote: QuotedMessage?
    /// Set in groups, where the agent must know who speaks.
    package var speaker: String?
}

extension Database {
    func insertTurn(
        conversation: Int64,
        context: Int64,
        message: MessageID,
        sender: PersonID,
        question: Question,
        now: Timestamp
    ) throws -> Int64 {
        try run(
            """
            INSERT INTO turn (conversation, context, message, sender, question, state, accepted_at)
            VALUES (?, ?, ?, ?, ?, 'waiting', ?)
            """,
            .integer(conversation),
            .integer(context),
            .text(message.rawValue),
            .text(sender.rawValue),
            .text(try Coded.text(question)),
            SQLValue(now)
        )
        let id = lastInserted
        try run("UPDATE context SET used_at = ? WHERE id = ?", SQLValue(now), .integer(context))
        return id
    }

    /// The oldest question of a context that waits and came by one of `surfaces`.
    func nextTurn(of context: Int64, on surfaces: Set<SurfaceID>) throws -> TurnRecord? {
        try run(
            """
            SELECT turn.*, conversation.surface AS surface FROM turn JOIN conversation
            ON conversation.id = turn.conversation WHERE turn.context = ? AND state = 'waiting' ORDER BY turn.id
            """,
            .integer(context)
        ).first { surfaces.contains(SurfaceID($0.text("surface") ?? "")) }.map(TurnRecord.init)
    }

    func turn(_ id: Int64) throws -> TurnRecord? {
        try run("SELECT * FROM turn WHERE id = ?", .integer(id)).first.map(TurnRecord.init)
    }

    func lastTurn(in conversation: Int64) throws -> TurnRecord? {
        try run(
            "SELECT * FROM turn WHERE conversation = ? ORDER BY id DESC LIMIT 1",
            .integer(conversation)
        ).first.map(TurnRecord.init)
    }

    func lastTurn(in conversation: Int64, of context: Int64) throws -> TurnRecord? {
        try run(
            "SELECT * FROM turn WHERE conversation = ? AND context = ? ORDER BY id DESC LIMIT 1",
            .integer(conversation),
            .integer(context)
        ).first.map(TurnRecord.init)
    }

    func turn(of message: MessageID, in conversation: Int64) throws -> TurnRecord? {
        try run(
            "SELECT * FROM turn WHERE conversation = ? AND message = ? ORDER BY id DESC LIMIT 1",
            .integer(conversation),
            .text(message.rawValue)
        ).first.map(TurnRecord.init)
    }

    /// The question of a context that is being asked, or else is next.
    func currentTurn(of context: Int64) throws -> TurnRecord? {
        try run(
            """
            SELECT * FROM turn WHERE context = ? AND state IN ('waiting', 'sent') ORDER BY state = 'sent' DESC, id LIMIT 1
            """,
            .integer(context)
        ).first.map(TurnRecord.init)
    }

    /// The question of a conversation that is being asked, or else is next.
    func currentTurn(in conversation: Int64) throws -> TurnRecord? {
        try run(
            """
            SELECT * FROM turn WHERE conversation = ? AND state IN ('waiting', 'sent')
            ORDER BY state = 'sent' DESC, id LIMIT 1
            """,
            .integer(conversation)
        ).first.map(TurnRecord.init)
    }

    func contextsWithWaitingTurns() throws -> [Int64] {
        try run("SELECT DISTINCT context FROM turn WHERE state = 'waiting'").compactMap { $0.integer("context") }
    }

    /// Turns of a surface that a host that died had begun.
    func turnsCutOff(on surface: SurfaceID) throws -> [TurnRecord] {
        try run(
            """
            SELECT turn.* FROM turn JOIN conversation ON conversation.id = turn.conversation
            WHERE state = 'sent' AND surface = ? ORDER BY turn.id
            """,
            .text(surface.rawValue)
        ).map(TurnRecord.init)
    }

    /// Notes an attempt; throws when the turn ended or went to another context meanwhile.
    func markTried(_ turn: TurnRecord, now: Timestamp) throws {
        try run(
            """
            UPDATE turn SET tried_at = coalesce(tried_at, ?), attempts = attempts + 1
            WHERE id = ? AND context = ? AND state = 'waiting'
            """,
            SQLValue(now),
            .integer(turn.id),
            .integer(turn.context)
        )
        guard changes == 1 else { throw StoreError.failed(reason: "the turn is no longer this lane's") }
    }

    /// Notes that the agent may act from now on; throws when the turn ended meanwhile.
    func markSent(_ turn: Int64, now: Timestamp) throws {
        try run(
            "UPDATE turn SET state = 'sent', sent_at = ? WHERE id = ? AND state = 'waiting'",
            SQLValue(now),
            .integer(turn)
        )
        guard changes == 1 else { throw StoreError.failed(reason: "the turn no longer waits") }
    }

    /// Takes ``markSent(_:now:)`` back: the agent said that it took nothing.
    func markUnsent(_ turn: Int64) throws {
        try run("UPDATE turn SET state = 'waiting', sent_at = NULL WHERE id = ? AND state = 'sent'", .integer(turn))
    }

    func markFirstText(_ turn: Int64, now: Timestamp) throws {
        try run("UPDATE turn SET text_at = coalesce(text_at, ?) WHERE id = ?", SQLValue(now), .integer(turn))
    }

    func endTurn(_ turn: Int64, as ending: TurnRecord.Ending, now: Timestamp) throws {
        try run(
            "UPDATE turn SET state = 'ended', ended_at = ?, ending = ? WHERE id = ?",
            SQLValue(now),
            .text(ending.rawValue),
            .integer(turn)
        )
    }

    func setQuestion(_ question: Question, of turn: Int64) throws {
        try run("UPDATE turn SET question = ? WHERE id = ?", .text(try Coded.text(question)), .integer(turn))
    }

    /// Number of accepted messages whose turn has not begun.
    func waitingTurns() throws -> Int64 {
        try run("SELECT count(*) AS n FROM turn WHERE state = 'waiting'").first?.integer("n") ?? 0
    }
}

extension TurnRecord {
    init(_ row: SQLRow) throws {
        guard
            let id = row.integer("id"), let conversation = row.integer("conversation"),
            let context = row.integer("context"), let message = row.text("message"), let sender = row.text("sender"),
            let state = row.text("state").flatMap(State.init(rawValue:)), let acceptedAt = row.time("accepted_at")
        else { throw StoreError.unusable(reason: "a turn row cannot be read") }
        self.init(
            id: id,
            conversation: conversation,
            context: context,
            message: MessageID(message),
            sender: PersonID(sender),
            question: try Coded.value(Question.self, row.text("question")),
            state: state,
            acceptedAt: acceptedAt,
            triedAt: row.time("tried_at"),
            attempts: Int(row.integer("attempts") ?? 0),
            sentAt: row.time("sent_at"),
            textAt: row.time("text_at"),
            endedAt: row.time("ended_at"),
            ending: row.text("ending").flatMap(Ending.init(rawValue:))
        )
    }
}
