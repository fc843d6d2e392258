-- The database as version 0.1.0 makes it, empty.
CREATE TABLE account (
    surface TEXT NOT NULL, person TEXT NOT NULL, owner TEXT NOT NULL, PRIMARY KEY (surface, person)
) WITHOUT ROWID;
CREATE TABLE admitted (
    surface TEXT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (surface, person)
) WITHOUT ROWID;
CREATE TABLE checkpoint (surface TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE context (
    id INTEGER PRIMARY KEY, owner TEXT NOT NULL, name TEXT, surface TEXT NOT NULL,
    created_at INTEGER NOT NULL, used_at INTEGER NOT NULL
, origin TEXT NOT NULL DEFAULT '');
CREATE TABLE conversation (
    id INTEGER PRIMARY KEY AUTOINCREMENT, surface TEXT NOT NULL, chat TEXT NOT NULL,
    thread TEXT NOT NULL DEFAULT '', kind TEXT NOT NULL, context INTEGER, language TEXT,
    told_unreadable INTEGER NOT NULL DEFAULT 0, UNIQUE (surface, chat, thread)
);
CREATE TABLE last_context (id INTEGER NOT NULL);
CREATE TABLE link_code (
    surface TEXT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL,
    conversation INTEGER NOT NULL REFERENCES conversation (id), code TEXT NOT NULL UNIQUE, at INTEGER NOT NULL,
    PRIMARY KEY (surface, person)
) WITHOUT ROWID;
CREATE TABLE link_guess (surface TEXT NOT NULL, person TEXT NOT NULL, at INTEGER NOT NULL);
CREATE TABLE link_offer (
    to_surface TEXT NOT NULL, to_person TEXT NOT NULL, surface TEXT NOT NULL, person TEXT NOT NULL,
    name TEXT NOT NULL, conversation INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (to_surface, to_person)
) WITHOUT ROWID;
CREATE TABLE migration (position INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO migration VALUES(0,'001-first');
INSERT INTO migration VALUES(1,'002-webhooks');
INSERT INTO migration VALUES(2,'003-people');
CREATE TABLE pairing (
    code TEXT PRIMARY KEY, surface TEXT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL,
    conversation INTEGER NOT NULL REFERENCES conversation (id), asked_at INTEGER NOT NULL,
    UNIQUE (surface, person)
) WITHOUT ROWID;
CREATE TABLE post (
    id INTEGER PRIMARY KEY AUTOINCREMENT, conversation INTEGER NOT NULL REFERENCES conversation (id),
    turn INTEGER, page INTEGER, reply_to TEXT, state TEXT NOT NULL, content TEXT, shown TEXT, message TEXT,
    generation INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL, due_at INTEGER, done_at INTEGER, UNIQUE (turn, page)
);
CREATE TABLE seen (
    surface TEXT NOT NULL, event TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (surface, event)
) WITHOUT ROWID;
CREATE TABLE staged (
    id INTEGER PRIMARY KEY AUTOINCREMENT, conversation INTEGER NOT NULL REFERENCES conversation (id),
    person TEXT NOT NULL, message TEXT NOT NULL, album TEXT, file TEXT NOT NULL, at INTEGER NOT NULL
);
CREATE TABLE surface_state (
    surface TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (surface, key)
) WITHOUT ROWID;
CREATE TABLE transcript (
    context INTEGER NOT NULL, position INTEGER NOT NULL, turn INTEGER NOT NULL, message TEXT NOT NULL,
    PRIMARY KEY (context, position)
) WITHOUT ROWID;
CREATE TABLE turn (
    id INTEGER PRIMARY KEY AUTOINCREMENT, conversation INTEGER NOT NULL REFERENCES conversation (id),
    context INTEGER NOT NULL, message TEXT NOT NULL, sender TEXT NOT NULL, question TEXT NOT NULL,
    state TEXT NOT NULL, accepted_at INTEGER NOT NULL, tried_at INTEGER, attempts INTEGER NOT NULL DEFAULT 0,
    sent_at INTEGER, text_at INTEGER, ended_at INTEGER, ending TEXT
);
CREATE TABLE webhook (surface TEXT PRIMARY KEY, secret TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX seen_at ON seen (at);
CREATE INDEX context_owner ON context (owner);
CREATE INDEX conversation_context ON conversation (context);
CREATE INDEX turn_open ON turn (context, id) WHERE state IN ('waiting', 'sent');
CREATE INDEX turn_conversation ON turn (conversation, id);
CREATE INDEX turn_ended ON turn (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX post_due ON post (conversation, id) WHERE state = 'due';
CREATE INDEX post_done ON post (done_at) WHERE done_at IS NOT NULL;
CREATE INDEX staged_person ON staged (conversation, person);
CREATE INDEX account_owner ON account (owner);
CREATE INDEX context_origin ON context (origin);
CREATE INDEX link_guess_account ON link_guess (surface, person);
INSERT INTO last_context VALUES (0);
