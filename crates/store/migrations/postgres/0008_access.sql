-- People who sign in. The password is kept as an argon2id hash.
CREATE TABLE user_account (
    id uuid NOT NULL PRIMARY KEY,
    email text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    password_hash text NOT NULL,
    created_at bigint NOT NULL,
    password_changed_at bigint NOT NULL
);
CREATE UNIQUE INDEX user_account_email ON user_account (email);

-- Sessions of browsers: of a user, or of the holder of an owner's key on the same machine. The token is kept as a hash.
CREATE TABLE user_session (
    token_hash bytea NOT NULL PRIMARY KEY,
    user_id uuid,
    api_key text,
    created_at bigint NOT NULL,
    seen_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    CHECK ((user_id IS NULL) <> (api_key IS NULL))
);
CREATE INDEX user_session_user_id ON user_session (user_id);
CREATE INDEX user_session_expires_at ON user_session (expires_at);

-- Wrong passwords of late, by keyed hash of the account or the address.
CREATE TABLE sign_in_failure (
    bucket uuid NOT NULL PRIMARY KEY,
    failures bigint NOT NULL,
    last_at bigint NOT NULL
);
CREATE INDEX sign_in_failure_last_at ON sign_in_failure (last_at);

-- Who did what to what. Rows are only ever added: the database itself refuses anything else.
CREATE TABLE audit_entry (
    id uuid NOT NULL PRIMARY KEY,
    at bigint NOT NULL,
    actor_kind text NOT NULL,
    actor text NOT NULL,
    address uuid,
    action text NOT NULL,
    target text,
    details text
);
CREATE FUNCTION refuse_change_of_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit entries are never changed or deleted';
END
$$;
CREATE TRIGGER audit_entry_is_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_entry();
