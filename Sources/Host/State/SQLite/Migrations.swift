/// The forms that the database has had: append only, never change one that was released.
package enum Migrations {
    private static let all: [(name: String, sql: String)] = [
        ("001-first", first), ("002-webhooks", webhooks), ("003-people", people), ("004-set-aside", setAside),
        ("005-delivery", delivery),
    ]

    /// Brings the database to the newest form; for who holds the ``StateLock`` of its folder.
    package static func apply(to database: Database) throws(StateError) {
        try database.script(
            "CREATE TABLE IF NOT EXISTS migration (position INTEGER PRIMARY KEY, name TEXT NOT NULL)"
        )
        let done = try names(in: database)
        guard form(done) != .newer else { throw .unusable(reason: newer) }
        for (position, migration) in all.enumerated().dropFirst(done.count) {
            try database.script("BEGIN IMMEDIATE")
            do throws(StateError) {
                try database.script(migration.sql)
                try database.run(
                    "INSERT INTO migration VALUES (?, ?)",
                    .integer(Int64(position)),
                    .text(migration.name)
                )
                try database.script("COMMIT")
            } catch {
                try? database.script("ROLLBACK")
                throw error
            }
        }
    }

    /// The form of a database, beside the one that this program writes.
    enum Form {
        case older, newest, newer
    }

    static let newer = "the state was written by a newer version: run that one, or another state.path"

    static func form(of database: Database) throws(StateError) -> Form {
        let tables = try database.run("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migration'")
        return tables.isEmpty ? .older : form(try names(in: database))
    }

    private static func names(in database: Database) throws(StateError) -> [String] {
        try database.run("SELECT name FROM migration ORDER BY position").map { $0.text("name") ?? "" }
    }

    private static func form(_ done: [String]) -> Form {
        guard done.count <= all.count, zip(done, all).allSatisfy({ $0 == $1.name }) else { return .newer }
        return done.count == all.count ? .newest : .older
    }

    /// Times are milliseconds since 1970.
    private static let first = """
        CREATE TABLE checkpoint (surface TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE surface_state (
            surface TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (surface, key)
        ) WITHOUT ROWID;
        -- Events that were accepted, so that one that is delivered again is dropped.
        CREATE TABLE seen (
            surface TEXT NOT NULL, event TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (surface, event)
        ) WITHOUT ROWID;
        CREATE INDEX seen_at ON seen (at);
        -- The largest platform chat id ever given: one is never given twice, also not after its context is gone.
        CREATE TABLE last_context (id INTEGER NOT NULL);
        INSERT INTO last_context VALUES (0);
        CREATE TABLE context (
            id INTEGER PRIMARY KEY, owner TEXT NOT NULL, name TEXT, surface TEXT NOT NULL,
            created_at INTEGER NOT NULL, used_at INTEGER NOT NULL
        );
        CREATE INDEX context_owner ON context (owner);
        CREATE TABLE conversation (
            id INTEGER PRIMARY KEY AUTOINCREMENT, surface TEXT NOT NULL, chat TEXT NOT NULL,
            thread TEXT NOT NULL DEFAULT '', kind TEXT NOT NULL, context INTEGER, language TEXT,
            told_unreadable INTEGER NOT NULL DEFAULT 0, UNIQUE (surface, chat, thread)
        );
        CREATE INDEX conversation_context ON conversation (context);
        -- One question and what became of it.
        CREATE TABLE turn (
            id INTEGER PRIMARY KEY AUTOINCREMENT, conversation INTEGER NOT NULL REFERENCES conversation (id),
            context INTEGER NOT NULL, message TEXT NOT NULL, sender TEXT NOT NULL, question TEXT NOT NULL,
            state TEXT NOT NULL, accepted_at INTEGER NOT NULL, tried_at INTEGER, attempts INTEGER NOT NULL DEFAULT 0,
            sent_at INTEGER, text_at INTEGER, ended_at INTEGER, ending TEXT
        );
        CREATE INDEX turn_open ON turn (context, id) WHERE state IN ('waiting', 'sent');
        CREATE INDEX turn_conversation ON turn (conversation, id);
        CREATE INDEX turn_ended ON turn (ended_at) WHERE ended_at IS NOT NULL;
        CREATE TABLE transcript (
            context INTEGER NOT NULL, position INTEGER NOT NULL, turn INTEGER NOT NULL, message TEXT NOT NULL,
            PRIMARY KEY (context, position)
        ) WITHOUT ROWID;
        -- A message of the bot: what it is to hold, and what is known of it on the messenger.
        CREATE TABLE post (
            id INTEGER PRIMARY KEY AUTOINCREMENT, conversation INTEGER NOT NULL REFERENCES conversation (id),
            turn INTEGER, page INTEGER, reply_to TEXT, state TEXT NOT NULL, content TEXT, shown TEXT, message TEXT,
            generation INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
            created_at INTEGER NOT NULL, due_at INTEGER, done_at INTEGER, UNIQUE (turn, page)
        );
        -- Operations are named after their post. Numbers that begin with the time do not come back when the state is lost:
        -- a messenger that remembers a name would otherwise drop the new message for the old one.
        INSERT INTO sqlite_sequence (name, seq) VALUES ('post', unixepoch() * 1000);
        CREATE INDEX post_due ON post (conversation, id) WHERE state = 'due';
        CREATE INDEX post_done ON post (done_at) WHERE done_at IS NOT NULL;
        -- Files that wait for the next text of the same person.
        CREATE TABLE staged (
            id INTEGER PRIMARY KEY AUTOINCREMENT, conversation INTEGER NOT NULL REFERENCES conversation (id),
            person TEXT NOT NULL, message TEXT NOT NULL, album TEXT, file TEXT NOT NULL, at INTEGER NOT NULL
        );
        CREATE INDEX staged_person ON staged (conversation, person);
        """

    /// What each messenger echoes in the requests that it posts.
    private static let webhooks = """
        CREATE TABLE webhook (surface TEXT PRIMARY KEY, secret TEXT NOT NULL) WITHOUT ROWID;
        """

    /// Events that could not be taken.
    private static let setAside = """
        CREATE TABLE set_aside (
            id INTEGER PRIMARY KEY AUTOINCREMENT, surface TEXT NOT NULL, event TEXT NOT NULL, content TEXT NOT NULL,
            reason TEXT NOT NULL, at INTEGER NOT NULL
        );
        CREATE INDEX set_aside_at ON set_aside (at);
        """

    /// What deliveries are decided by, and indexes for what is asked often.
    private static let delivery = """
        -- The last list of contexts that a person was shown in a conversation: numbers with commas between.
        CREATE TABLE shown_list (
            conversation INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE, person TEXT NOT NULL,
            contexts TEXT NOT NULL, PRIMARY KEY (conversation, person)
        ) WITHOUT ROWID;
        ALTER TABLE post ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE post ADD COLUMN repeatable INTEGER NOT NULL DEFAULT 0;
        -- How the message is put: see PostForm.
        ALTER TABLE post ADD COLUMN form INTEGER NOT NULL DEFAULT 0;
        -- Until now every failure was counted, also those of a messenger that was down as a whole.
        UPDATE post SET attempts = 0;
        DROP INDEX post_due;
        CREATE INDEX post_due ON post (conversation, urgent DESC, id) WHERE state = 'due';
        -- Whether something was given up here that nobody has been told of.
        ALTER TABLE conversation ADD COLUMN undelivered INTEGER NOT NULL DEFAULT 0;
        -- 0 for a turn that was cut off and whose person has not been told yet.
        ALTER TABLE turn ADD COLUMN told INTEGER NOT NULL DEFAULT 1;
        -- What the agent calls the message that it is writing.
        ALTER TABLE turn ADD COLUMN answer TEXT;
        CREATE INDEX turn_untold ON turn (id) WHERE told = 0;
        -- What is asked for at each question is found without a look at all that is remembered.
        CREATE INDEX turn_waiting ON turn (conversation, id) WHERE state = 'waiting';
        CREATE INDEX turn_sent ON turn (conversation, id) WHERE state = 'sent';
        CREATE INDEX turn_message ON turn (conversation, message);
        CREATE INDEX transcript_turn ON transcript (turn);
        CREATE INDEX context_used ON context (used_at);
        CREATE INDEX conversation_loose ON conversation (id) WHERE thread <> '' AND context IS NULL;
        CREATE INDEX post_due_at ON post (due_at) WHERE state = 'due';
        -- Also for the foreign keys: each conversation that goes is looked for in them.
        CREATE INDEX post_conversation ON post (conversation);
        CREATE INDEX pairing_conversation ON pairing (conversation);
        CREATE INDEX link_code_conversation ON link_code (conversation);
        CREATE INDEX link_offer_conversation ON link_offer (conversation);
        CREATE INDEX pairing_asked ON pairing (asked_at, code);
        CREATE INDEX staged_at ON staged (at);
        CREATE INDEX link_code_at ON link_code (at);
        CREATE INDEX link_offer_at ON link_offer (at);
        CREATE INDEX link_guess_at ON link_guess (at);
        """

    private static let people = """
        -- Strangers who were given a code, and people whom an operator let in.
        CREATE TABLE pairing (
            code TEXT PRIMARY KEY, surface TEXT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL,
            conversation INTEGER NOT NULL REFERENCES conversation (id), asked_at INTEGER NOT NULL,
            UNIQUE (surface, person)
        ) WITHOUT ROWID;
        CREATE TABLE admitted (
            surface TEXT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY (surface, person)
        ) WITHOUT ROWID;
        -- Accounts that are one person; one that is not listed is a person of its own.
        CREATE TABLE account (
            surface TEXT NOT NULL, person TEXT NOT NULL, owner TEXT NOT NULL, PRIMARY KEY (surface, person)
        ) WITHOUT ROWID;
        CREATE INDEX account_owner ON account (owner);
        -- Who owned a context when it began: where it goes when its account is unlinked.
        ALTER TABLE context ADD COLUMN origin TEXT NOT NULL DEFAULT '';
        UPDATE context SET origin = owner;
        CREATE INDEX context_origin ON context (origin);
        CREATE TABLE link_code (
            surface TEXT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL,
            conversation INTEGER NOT NULL REFERENCES conversation (id), code TEXT NOT NULL UNIQUE, at INTEGER NOT NULL,
            PRIMARY KEY (surface, person)
        ) WITHOUT ROWID;
        CREATE TABLE link_offer (
            to_surface TEXT NOT NULL, to_person TEXT NOT NULL, surface TEXT NOT NULL, person TEXT NOT NULL,
            name TEXT NOT NULL, conversation INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (to_surface, to_person)
        ) WITHOUT ROWID;
        CREATE TABLE link_guess (surface TEXT NOT NULL, person TEXT NOT NULL, at INTEGER NOT NULL);
        CREATE INDEX link_guess_account ON link_guess (surface, person);
        """
}
