/// The forms that the database has had: append only, never change one that was released.
enum Migrations {
    private static let all: [(name: String, sql: String)] = [
        ("001-first", first), ("002-webhooks", webhooks), ("003-people", people), ("004-set-aside", setAside),
    ]

    static func apply(to database: Database) throws(StoreError) {
        try database.script(
            "CREATE TABLE IF NOT EXISTS migration (position INTEGER PRIMARY KEY, name TEXT NOT NULL)"
        )
        let done = try database.run("SELECT name FROM migration ORDER BY position").map { $0.text("name") ?? "" }
        guard done.count <= all.count, zip(done, all).allSatisfy({ $0 == $1.name }) else {
            throw .unusable(reason: "the state was written by a newer version: run that one, or another state.path")
        }
        for (position, migration) in all.enumerated().dropFirst(done.count) {
            try database.script("BEGIN IMMEDIATE")
            do throws(StoreError) {
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
