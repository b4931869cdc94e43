-- Records that could be read and make no sense: kept apart for a person to mend or discard. A row stays when its record is gone, so
-- that a repeated delivery is recognised.
CREATE TABLE quarantine (
    id uuid NOT NULL PRIMARY KEY,
    delivery uuid NOT NULL,
    source text NOT NULL,
    -- Which reader understands the record.
    format text NOT NULL,
    -- The record with its personal data, null once it is settled or erased.
    record text,
    pointer text NOT NULL,
    message text NOT NULL,
    remedy text NOT NULL,
    state text NOT NULL,
    received_at bigint NOT NULL,
    changed_at bigint NOT NULL
);
CREATE UNIQUE INDEX quarantine_delivery ON quarantine (delivery);
CREATE INDEX quarantine_open ON quarantine (id) WHERE state = 'open';

-- Whose records lie there, by every handle that they carry: erasure finds them by it.
CREATE TABLE quarantine_subject (
    subject uuid NOT NULL,
    quarantine uuid NOT NULL,
    PRIMARY KEY (subject, quarantine)
);
CREATE INDEX quarantine_subject_quarantine ON quarantine_subject (quarantine);

-- What requests with an Idempotency-Key were answered. status is null while one is being carried out.
CREATE TABLE idempotent_request (
    key uuid NOT NULL PRIMARY KEY,
    request uuid NOT NULL,
    attempt uuid NOT NULL,
    status bigint,
    content_type text,
    body bytea,
    begun_at bigint NOT NULL,
    expires_at bigint NOT NULL
);
CREATE INDEX idempotent_request_expires_at ON idempotent_request (expires_at);
