import Basics
import SurfaceKit

extension Database {
    // MARK: What is owed

    package func owe(_ new: NewPost, now: Timestamp) throws {
        try run(
            """
            INSERT INTO post (conversation, turn, page, reply_to, state, content, urgent, repeatable, created_at, due_at)
            VALUES (?, ?, ?, ?, 'due', ?, ?, ?, ?, ?)
            ON CONFLICT (turn, page)
            DO UPDATE SET state = 'due', content = excluded.content, due_at = excluded.due_at, done_at = NULL
            """,
            SQLValue(new.conversation),
            SQLValue(new.turn),
            SQLValue(new.page.map { Int64($0) }),
            SQLValue(new.replyTo?.rawValue),
            .text(try new.content.stored()),
            .integer(new.isUrgent ? 1 : 0),
            .integer(new.isRepeatable ? 1 : 0),
            SQLValue(now),
            SQLValue(now)
        )
    }

    package func nextOwed(in conversation: ConversationID) throws -> PostRecord? {
        try run(
            "SELECT * FROM post WHERE conversation = ? AND state = 'due' ORDER BY urgent DESC, id LIMIT 1",
            SQLValue(conversation)
        ).first.map(PostRecord.init)
    }

    package func conversationsOwed() throws -> [ConversationID] {
        try run("SELECT DISTINCT conversation FROM post WHERE state = 'due'").compactMap { $0.id("conversation") }
    }

    package func post(_ id: PostID) throws -> PostRecord? {
        try run("SELECT * FROM post WHERE id = ?", SQLValue(id)).first.map(PostRecord.init)
    }

    package func posts(of turn: TurnID) throws -> [PostRecord] {
        try run("SELECT * FROM post WHERE turn = ? ORDER BY id", SQLValue(turn)).map(PostRecord.init)
    }

    package func postsOwed() throws -> Int64 {
        try run("SELECT count(*) AS n FROM post WHERE state = 'due'").first?.integer("n") ?? 0
    }

    // MARK: Delivery

    package func noteShown(_ content: MessageContent, as message: MessageID?, of post: PostID) throws {
        try run(
            "UPDATE post SET shown = ?, message = coalesce(?, message) WHERE id = ?",
            .text(try content.stored()),
            SQLValue(message?.rawValue),
            SQLValue(post)
        )
    }

    package func renew(_ post: PostID, generation: Int) throws {
        try run(
            "UPDATE post SET message = NULL, shown = NULL, generation = ? WHERE id = ?",
            .integer(Int64(generation)),
            SQLValue(post)
        )
    }

    package func setForm(_ form: PostForm, of post: PostID) throws {
        try run("UPDATE post SET form = ?, attempts = 0 WHERE id = ?", .integer(Int64(form.rawValue)), SQLValue(post))
    }

    package func countAttempt(at post: PostID) throws {
        try run("UPDATE post SET attempts = attempts + 1 WHERE id = ?", SQLValue(post))
    }

    package func settle(_ post: PostID, as state: PostRecord.State, now: Timestamp) throws {
        try run(
            "UPDATE post SET state = ?, done_at = ? WHERE id = ?",
            .text(state.word),
            state == .due ? .null : SQLValue(now),
            SQLValue(post)
        )
    }

    package func dropPosts(in conversation: ConversationID, now: Timestamp) throws -> Int {
        try run(
            """
            UPDATE post SET state = 'failed', done_at = ? WHERE conversation = ? AND state IN ('due', 'preview', 'draft')
            """,
            SQLValue(now),
            SQLValue(conversation)
        )
        return changes
    }

    package func dropUnsentPages(in conversation: ConversationID, now: Timestamp) throws -> Int {
        try run(
            """
            UPDATE post SET state = 'dropped', done_at = ? WHERE conversation = ? AND state = 'due'
            AND turn IS NOT NULL AND page IS NOT NULL AND message IS NULL
            AND NOT EXISTS (SELECT 1 FROM turn WHERE turn.id = post.turn AND turn.ending = 'stopped')
            """,
            SQLValue(now),
            SQLValue(conversation)
        )
        return changes
    }

    package func giveUpPosts(on surface: SurfaceID, dueBefore old: Timestamp, now: Timestamp) throws -> Int {
        try run(
            """
            UPDATE conversation SET undelivered = undelivered + 1 WHERE surface = ? AND id IN
            (SELECT conversation FROM post WHERE state = 'due' AND due_at < ?)
            """,
            .text(surface.rawValue),
            SQLValue(old)
        )
        try run(
            """
            UPDATE post SET state = 'failed', done_at = ? WHERE state = 'due' AND due_at < ?
            AND conversation IN (SELECT id FROM conversation WHERE surface = ?)
            """,
            SQLValue(now),
            SQLValue(old),
            .text(surface.rawValue)
        )
        return changes
    }

    package func surfacesOwed(before old: Timestamp) throws -> Set<SurfaceID> {
        let rows = try run(
            """
            SELECT DISTINCT surface FROM post JOIN conversation ON conversation.id = post.conversation
            WHERE state = 'due' AND due_at < ?
            """,
            SQLValue(old)
        )
        return Set(rows.compactMap { $0.text("surface").map { SurfaceID($0) } })
    }

    // MARK: What grows

    package func beginPreview(
        page: Int,
        of turn: TurnID,
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
            SQLValue(turn.conversation),
            SQLValue(turn.id),
            .integer(Int64(page)),
            SQLValue(replyTo?.rawValue),
            .text(try content.stored()),
            SQLValue(now)
        ).first.map(PostRecord.init)
    }

    package func keepPreviews(of turn: TurnID, now: Timestamp) throws -> KeptPreviews {
        let rows = try run(
            """
            UPDATE post SET state = 'due', content = NULL, due_at = ? WHERE turn = ? AND state = 'preview'
            RETURNING page, message
            """,
            SQLValue(now),
            SQLValue(turn)
        )
        var kept = KeptPreviews()
        for row in rows {
            guard let page = row.integer("page").map({ Int(clamping: $0) }) else { continue }
            if row.text("message") == nil { kept.uncertain.insert(page) } else { kept.shown.insert(page) }
        }
        return kept
    }

    package func keepDraft(page: Int, of turn: TurnID, showing content: MessageContent, now: Timestamp) throws {
        guard let turn = try self.turn(turn), turn.state == .sent else { return }
        try run(
            """
            INSERT INTO post (conversation, turn, page, state, content, created_at) VALUES (?, ?, ?, 'draft', ?, ?)
            ON CONFLICT (turn, page) DO UPDATE SET content = excluded.content WHERE state = 'draft'
            """,
            SQLValue(turn.conversation),
            SQLValue(turn.id),
            .integer(Int64(page)),
            .text(try content.stored()),
            SQLValue(now)
        )
    }

    package func forgetDrafts(of turn: TurnID) throws {
        try run("DELETE FROM post WHERE turn = ? AND state = 'draft'", SQLValue(turn))
    }
}

extension PostRecord {
    package init(_ row: SQLRow) throws {
        guard let id: PostID = row.id("id") else { throw StateError.failed(reason: "a post without a number") }
        do {
            self.init(
                id: id,
                conversation: try row.id("conversation", of: "message"),
                turn: row.id("turn"),
                page: row.integer("page").map { Int(clamping: $0) },
                replyTo: row.text("reply_to").map { MessageID($0) },
                state: try State(stored: row.text("state")),
                content: try row.text("content").map { try MessageContent(stored: $0) },
                shown: try row.text("shown").map { try MessageContent(stored: $0) },
                message: row.text("message").map { MessageID($0) },
                generation: Int(clamping: row.integer("generation") ?? 0),
                form: row.integer("form").flatMap { PostForm(rawValue: Int(clamping: $0)) } ?? .whole,
                isRepeatable: row.integer("repeatable") == 1,
                attempts: Int(clamping: row.integer("attempts") ?? 0),
                dueAt: row.time("due_at")
            )
        } catch {
            throw StateError.damaged(.post(id), reason: "\(error)")
        }
    }
}
