-- People who sign in. The password is kept as an argon2id hash.
CREATE TABLE user_account (
    id BLOB NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    password_changed_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX user_account_email ON user_account (email);

-- Sessions of browsers: of a user, or of the holder of an owner's key on the same machine. The token is kept as a hash.
CREATE TABLE user_session (
    token_hash BLOB NOT NULL PRIMARY KEY,
    user_id BLOB,
    api_key TEXT,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    CHECK ((user_id IS NULL) <> (api_key IS NULL))
) STRICT;
CREATE INDEX user_session_user_id ON user_session (user_id);
CREATE INDEX user_session_expires_at ON user_session (expires_at);

-- Wrong passwords of late, by keyed hash of the account or the address.
CREATE TABLE sign_in_failure (
    bucket BLOB NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_in_failure_last_at ON sign_in_failure (last_at);

-- Who did what to what. Rows are only ever added: the database itself refuses anything else.
CREATE TABLE audit_entry (
    id BLOB NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    address BLOB,
    action TEXT NOT NULL,
    target TEXT,
    details TEXT
) STRICT;
CREATE TRIGGER audit_entry_is_not_changed BEFORE UPDATE ON audit_entry
BEGIN
    SELECT RAISE(ABORT, 'audit entries are never changed');
END;
CREATE TRIGGER audit_entry_is_not_deleted BEFORE DELETE ON audit_entry
BEGIN
    SELECT RAISE(ABORT, 'audit entries are never deleted');
END;
