-- API keys. The secret is kept as a hash; a key that was withdrawn stays, so that logs can be read.
CREATE TABLE api_key (
    id TEXT NOT NULL PRIMARY KEY,
    secret_hash BLOB NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    source TEXT,
    created_at INTEGER NOT NULL,
    withdrawn_at INTEGER
) STRICT;
