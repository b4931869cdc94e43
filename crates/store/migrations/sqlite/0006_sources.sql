-- Systems that facts come from, and what is settled about each.
CREATE TABLE source (
    name TEXT NOT NULL PRIMARY KEY,
    system TEXT NOT NULL,
    -- Currency of amounts whose sender names none.
    currency TEXT,
    -- What the shop signs its webhooks with. Never shown.
    webhook_secret TEXT,
    -- required, asserted or granted; null: what the kind of key says.
    tracking_policy TEXT,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    -- When the shop said that it no longer sends.
    disconnected_at INTEGER
) STRICT;

-- Deliveries of webhooks that did not become facts at once: kept as they came until a person or a job settles them. A row stays when
-- its body is gone, so that a repeated delivery is recognised.
CREATE TABLE delivery (
    id BLOB NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    -- What the sender tells deliveries apart by.
    delivery_key TEXT NOT NULL,
    topic TEXT NOT NULL,
    -- open, waiting, settled or discarded
    state TEXT NOT NULL,
    -- The bytes with their personal data; null once settled.
    body BLOB,
    -- JSON: what is wrong, where, and how to mend it.
    problems TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX delivery_source_key ON delivery (source, delivery_key);
CREATE INDEX delivery_state ON delivery (state, id);

-- Which order a shop means by the id that only its programs see. A projection of the log.
CREATE TABLE known_order (
    source TEXT NOT NULL,
    internal_id TEXT NOT NULL,
    external_id TEXT NOT NULL,
    subject BLOB NOT NULL,
    -- The fact of the order received last.
    seq INTEGER NOT NULL,
    PRIMARY KEY (source, internal_id)
) STRICT;
CREATE INDEX known_order_subject ON known_order (subject);

-- Files taken in, or being taken in.
CREATE TABLE import (
    id BLOB NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    -- waiting, reading, writing, done or failed
    state TEXT NOT NULL,
    -- JSON: how to read.
    options TEXT NOT NULL,
    -- JSON: names, places and sizes.
    files TEXT NOT NULL,
    -- JSON: what was found.
    summary TEXT,
    bytes_total INTEGER NOT NULL,
    bytes_read INTEGER NOT NULL,
    rows_read INTEGER NOT NULL,
    rows_rejected INTEGER NOT NULL,
    facts_total INTEGER NOT NULL,
    -- Facts handed to the log so far: where to go on after a kill.
    position INTEGER NOT NULL,
    facts_new INTEGER NOT NULL,
    error TEXT,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;

-- Rows of such files that could not be taken.
CREATE TABLE import_reject (
    import BLOB NOT NULL,
    number INTEGER NOT NULL,
    file TEXT NOT NULL,
    line INTEGER NOT NULL,
    column_name TEXT NOT NULL,
    value TEXT NOT NULL,
    reason TEXT NOT NULL,
    remedy TEXT NOT NULL,
    PRIMARY KEY (import, number)
) STRICT;
