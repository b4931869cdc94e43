-- Records that could be read and make no sense: kept apart for a person to mend or discard. A row stays when its record is gone, so
-- that a repeated delivery is recognised.
CREATE TABLE quarantine (
    id BLOB NOT NULL PRIMARY KEY,
    delivery BLOB NOT NULL,
    source TEXT NOT NULL,
    -- Which reader understands the record.
    format TEXT NOT NULL,
    -- The record with its personal data, null once it is settled or erased.
    record TEXT,
    pointer TEXT NOT NULL,
    message TEXT NOT NULL,
    remedy TEXT NOT NULL,
    state TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX quarantine_delivery ON quarantine (delivery);
CREATE INDEX quarantine_open ON quarantine (id) WHERE state = 'open';

-- Whose records lie there, by every handle that they carry: erasure finds them by it.
CREATE TABLE quarantine_subject (
    subject BLOB NOT NULL,
    quarantine BLOB NOT NULL,
    PRIMARY KEY (subject, quarantine)
) STRICT;
CREATE INDEX quarantine_subject_quarantine ON quarantine_subject (quarantine);

-- What requests with an Idempotency-Key were answered. status is null while one is being carried out.
CREATE TABLE idempotent_request (
    key BLOB NOT NULL PRIMARY KEY,
    request BLOB NOT NULL,
    attempt BLOB NOT NULL,
    status INTEGER,
    content_type TEXT,
    body BLOB,
    begun_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX idempotent_request_expires_at ON idempotent_request (expires_at);
