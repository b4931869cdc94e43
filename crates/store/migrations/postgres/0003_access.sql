-- API keys. The secret is kept as a hash; a key that was withdrawn stays, so that logs can be read.
CREATE TABLE api_key (
    id text NOT NULL PRIMARY KEY,
    secret_hash bytea NOT NULL,
    name text NOT NULL,
    scopes text NOT NULL,
    source text,
    created_at bigint NOT NULL,
    withdrawn_at bigint
);
