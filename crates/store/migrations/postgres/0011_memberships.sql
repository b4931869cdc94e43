-- How memberships of segments are kept: the one row that whoever writes them locks first.
CREATE TABLE segment_state (
    one bigint NOT NULL PRIMARY KEY CHECK (one = 1),
    -- Grows whenever a segment or the snapshot changes.
    revision bigint NOT NULL,
    -- Grows with each writer.
    turn bigint NOT NULL,
    -- What definitions take from the whole shop, as JSON; null until there is a shop.
    snapshot text,
    snapshot_version bigint NOT NULL
);

-- Segments whose members are known, with a hash of what the definition says in full.
CREATE TABLE segment_fill (
    segment text NOT NULL PRIMARY KEY,
    digest text NOT NULL,
    filled_at bigint NOT NULL
);

-- When time alone may change the segments of a person: the day, counted from 1970-01-01.
CREATE TABLE segment_due (
    person uuid NOT NULL PRIMARY KEY,
    day bigint NOT NULL
);

CREATE INDEX segment_due_day ON segment_due (day, person);
