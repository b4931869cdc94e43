-- Systems that facts come from, and what is settled about each.
CREATE TABLE source (
    name text NOT NULL PRIMARY KEY,
    system text NOT NULL,
    -- Currency of amounts whose sender names none.
    currency text,
    -- What the shop signs its webhooks with. Never shown.
    webhook_secret text,
    -- required, asserted or granted; null: what the kind of key says.
    tracking_policy text,
    created_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    -- When the shop said that it no longer sends.
    disconnected_at bigint
);

-- Deliveries of webhooks that did not become facts at once: kept as they came until a person or a job settles them. A row stays when
-- its body is gone, so that a repeated delivery is recognised.
CREATE TABLE delivery (
    id uuid NOT NULL PRIMARY KEY,
    source text NOT NULL,
    -- What the sender tells deliveries apart by.
    delivery_key text NOT NULL,
    topic text NOT NULL,
    -- open, waiting, settled or discarded
    state text NOT NULL,
    -- The bytes with their personal data; null once settled.
    body bytea,
    -- JSON: what is wrong, where, and how to mend it.
    problems text NOT NULL,
    received_at bigint NOT NULL,
    changed_at bigint NOT NULL
);
CREATE UNIQUE INDEX delivery_source_key ON delivery (source, delivery_key);
CREATE INDEX delivery_state ON delivery (state, id);

-- Which order a shop means by the id that only its programs see. A projection of the log.
CREATE TABLE known_order (
    source text NOT NULL,
    internal_id text NOT NULL,
    external_id text NOT NULL,
    subject uuid NOT NULL,
    -- The fact of the order received last.
    seq bigint NOT NULL,
    PRIMARY KEY (source, internal_id)
);
CREATE INDEX known_order_subject ON known_order (subject);

-- Files taken in, or being taken in.
CREATE TABLE import (
    id uuid NOT NULL PRIMARY KEY,
    source text NOT NULL,
    -- waiting, reading, writing, done or failed
    state text NOT NULL,
    -- JSON: how to read.
    options text NOT NULL,
    -- JSON: names, places and sizes.
    files text NOT NULL,
    -- JSON: what was found.
    summary text,
    bytes_total bigint NOT NULL,
    bytes_read bigint NOT NULL,
    rows_read bigint NOT NULL,
    rows_rejected bigint NOT NULL,
    facts_total bigint NOT NULL,
    -- Facts handed to the log so far: where to go on after a kill.
    position bigint NOT NULL,
    facts_new bigint NOT NULL,
    error text,
    created_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    finished_at bigint
);

-- Rows of such files that could not be taken.
CREATE TABLE import_reject (
    import uuid NOT NULL,
    number bigint NOT NULL,
    file text NOT NULL,
    line bigint NOT NULL,
    column_name text NOT NULL,
    value text NOT NULL,
    reason text NOT NULL,
    remedy text NOT NULL,
    PRIMARY KEY (import, number)
);
