import SurfaceKit

/// A message of the bot: what it is to hold, and what is known of it on the messenger.
package struct PostRecord: Hashable, Sendable {
    package enum State: String, Sendable {
        /// Grows with a running turn; nothing is owed yet.
        case preview
        /// A draft of a running turn showed it: it is no message yet.
        case draft
        /// Must hold its content, exactly once.
        case due
        case delivered
        /// Given up, with a line in the log.
        case failed
    }

    package let id: Int64
    package let conversation: Int64
    package let turn: Int64?
    package let page: Int?
    package let replyTo: MessageID?
    package let state: State
    /// `nil` when the message is to stay as it is shown.
    package let content: MessageContent?
    /// What the messenger was last known to show.
    package let shown: MessageContent?
    /// The messenger’s identifier, once known.
    package let message: MessageID?
    /// Counts the messages that were made for this post: a new one when the old one is gone.
    package let generation: Int
    package let attempts: Int
    package let dueAt: Timestamp?

    /// The operation that makes the message; the same for every attempt.
    package var sendOperation: OperationID { OperationID("s\(id).\(generation)") }

    /// The edit that makes the message hold its final content.
    package var finalOperation: OperationID { OperationID("f\(id).\(generation)") }

    /// The `number`th edit of a growing message.
    package func previewOperation(_ number: Int) -> OperationID { OperationID("e\(id).\(generation).\(number)") }
}

extension Database {
    /// Queues a message that is complete: a notice, a command’s reply, a file.
    @discardableResult
    func queuePost(
        _ content: MessageContent,
        in conversation: Int64,
        turn: Int64? = nil,
        replyTo: MessageID? = nil,
        now: Timestamp
    ) throws -> Int64 {
        try run(
            """
            INSERT INTO post (conversation, turn, reply_to, state, content, created_at, due_at)
            VALUES (?, ?, ?, 'due', ?, ?, ?)
            """,
            .integer(conversation),
            SQLValue(turn),
            SQLValue(replyTo?.rawValue),
            .text(try Coded.text(content)),
            SQLValue(now),
            SQLValue(now)
        )
        return lastInserted
    }

    /// Makes page `page` of a reply due; what was shown of it so far is edited, not repeated.
    func queuePage(
        _ page: Int,
        of turn: TurnRecord,
        content: MessageContent,
        replyTo: MessageID?,
        now: Timestamp
    ) throws {
        try run(
            """
            INSERT INTO post (conversation, turn, page, reply_to, state, content, created_at, due_at)
            VALUES (?, ?, ?, ?, 'due', ?, ?, ?)
            ON CONFLICT (turn, page) DO UPDATE SET state = 'due', content = excluded.content, due_at = excluded.due_at
            """,
            .integer(turn.conversation),
            .integer(turn.id),
            .integer(Int64(page)),
            SQLValue(replyTo?.rawValue),
            .text(try Coded.text(content)),
            SQLValue(now),
            SQLValue(now)
        )
    }

    /// Notes that page `page` of a running turn is about to be shown; `nil` when the turn has ended.
    func beginPreview(
        page: Int,
        of turn: Int64,
        showing content: MessageContent,
        replyTo: MessageID?,
        now: Timestamp
    ) throws -> PostRecord? {
        guard let turn = try self.turn(turn), turn.state == .sent else { return nil }
        return try run(
            """
            INSERT INTO post (conversation, turn, page, reply_to, state, shown, created_at)
            VALUES (?, ?, ?, ?, 'preview', ?, ?) RETURNING *
            """,
            .integer(turn.conversation),
            .integer(turn.id),
            .integer(Int64(page)),
            SQLValue(replyTo?.rawValue),
            .text(try Coded.text(content)),
            SQLValue(now)
        ).first.map(PostRecord.init)
    }

    /// Keeps what a running turn has shown as it is; returns the posts.
    @discardableResult
    func keepPreviews(of turn: Int64, now: Timestamp) throws -> [PostRecord] {
        try run(
            """
            UPDATE post SET state = 'due', content = NULL, due_at = ? WHERE turn = ? AND state = 'preview' RETURNING *
            """,
            SQLValue(now),
            .integer(turn)
        ).map(PostRecord.init)
    }

    /// Notes that a draft is about to show `content` as page `page` of a running turn.
    func keepDraft(page: Int, of turn: Int64, showing content: MessageContent, now: Timestamp) throws {
        guard let turn = try self.turn(turn), turn.state == .sent else { return }
        try run(
            """
            INSERT INTO post (conversation, turn, page, state, content, created_at) VALUES (?, ?, ?, 'draft', ?, ?)
            ON CONFLICT (turn, page) DO UPDATE SET content = excluded.content WHERE state = 'draft'
            """,
            .integer(turn.conversation),
            .integer(turn.id),
            .integer(Int64(page)),
            .text(try Coded.text(content)),
            SQLValue(now)
        )
    }

    /// Makes messages of what drafts have shown; returns the posts.
    func sendDrafts(of turn: Int64, now: Timestamp) throws -> [PostRecord] {
        try run(
            "UPDATE post SET state = 'due', due_at = ? WHERE turn = ? AND state = 'draft' RETURNING *",
            SQLValue(now),
            .integer(turn)
        ).map(PostRecord.init)
    }

    /// Drops what drafts have shown and nothing has become of.
    func forgetDrafts(of turn: Int64) throws {
        try run("DELETE FROM post WHERE turn = ? AND state = 'draft'", .integer(turn))
    }

    func previews(of turn: Int64) throws -> [PostRecord] {
        try run("SELECT * FROM post WHERE turn = ? AND page IS NOT NULL ORDER BY page", .integer(turn))
            .map(PostRecord.init)
    }

    func post(_ id: Int64) throws -> PostRecord? {
        try run("SELECT * FROM post WHERE id = ?", .integer(id)).first.map(PostRecord.init)
    }

    func nextDuePost(in conversation: Int64) throws -> PostRecord? {
        try run(
            "SELECT * FROM post WHERE conversation = ? AND state = 'due' ORDER BY id LIMIT 1",
            .integer(conversation)
        ).first.map(PostRecord.init)
    }

    func conversationsWithDuePosts() throws -> [Int64] {
        try run("SELECT DISTINCT conversation FROM post WHERE state = 'due'").compactMap { $0.integer("conversation") }
    }

    func setShown(_ content: MessageContent, message: MessageID?, of post: Int64) throws {
        try run(
            "UPDATE post SET shown = ?, message = coalesce(?, message) WHERE id = ?",
            .text(try Coded.text(content)),
            SQLValue(message?.rawValue),
            .integer(post)
        )
    }

    /// Forgets the message that was made for a post, so that the next attempt makes a new one.
    func renewPost(_ post: Int64) throws {
        try run(
            "UPDATE post SET message = NULL, shown = NULL, generation = generation + 1 WHERE id = ?",
            .integer(post)
        )
    }

    func countAttempt(at post: Int64) throws {
        try run("UPDATE post SET attempts = attempts + 1 WHERE id = ?", .integer(post))
    }

    func closePost(_ post: Int64, as state: PostRecord.State, now: Timestamp) throws {
        try run(
            "UPDATE post SET state = ?, done_at = ? WHERE id = ?",
            .text(state.rawValue),
            SQLValue(now),
            .integer(post)
        )
    }

    /// Gives up everything that is still to be said in a conversation.
    func dropPosts(in conversation: Int64, now: Timestamp) throws -> Int {
        try run(
            """
            UPDATE post SET state = 'failed', done_at = ? WHERE conversation = ? AND state IN ('due', 'preview', 'draft')
            """,
            SQLValue(now),
            .integer(conversation)
        )
        return changes
    }

    /// - Returns: How many messages of each surface were given up.
    func giveUpPosts(dueBefore old: Timestamp, now: Timestamp) throws -> [SurfaceID: Int] {
        let rows = try run(
            """
            UPDATE post SET state = 'failed', done_at = ? WHERE state = 'due' AND due_at < ?
            RETURNING (SELECT surface FROM conversation WHERE id = post.conversation) AS surface
            """,
            SQLValue(now),
            SQLValue(old)
        )
        return Dictionary(rows.map { (SurfaceID($0.text("surface") ?? ""), 1) }, uniquingKeysWith: +)
    }

    /// Number of messages that are owed.
    func duePosts() throws -> Int64 {
        try run("SELECT count(*) AS n FROM post WHERE state = 'due'").first?.integer("n") ?? 0
    }
}

extension PostRecord {
    init(_ row: SQLRow) throws {
        guard
            let id = row.integer("id"), let conversation = row.integer("conversation"),
            let state = row.text("state").flatMap(State.init(rawValue:))
        else { throw StoreError.unusable(reason: "a post row cannot be read") }
        let content = row.text("content")
        let shown = row.text("shown")
        self.init(
            id: id,
            conversation: conversation,
            turn: row.integer("turn"),
            page: row.integer("page").map(Int.init),
            replyTo: row.text("reply_to").map { MessageID($0) },
            state: state,
            content: try content.map { try Coded.value(MessageContent.self, $0) },
            shown: try shown.map { try Coded.value(MessageContent.self, $0) },
            message: row.text("message").map { MessageID($0) },
            generation: Int(row.integer("generation") ?? 0),
            attempts: Int(row.integer("attempts") ?? 0),
            dueAt: row.time("due_at")
        )
    }
}
