-- How memberships of segments are kept: the one row that whoever writes them locks first.
CREATE TABLE segment_state (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    -- Grows whenever a segment or the snapshot changes.
    revision INTEGER NOT NULL,
    -- Grows with each writer.
    turn INTEGER NOT NULL,
    -- What definitions take from the whole shop, as JSON; null until there is a shop.
    snapshot TEXT,
    snapshot_version INTEGER NOT NULL
) STRICT;

-- Segments whose members are known, with a hash of what the definition says in full.
CREATE TABLE segment_fill (
    segment TEXT NOT NULL PRIMARY KEY,
    digest TEXT NOT NULL,
    filled_at INTEGER NOT NULL
) STRICT;

-- When time alone may change the segments of a person: the day, counted from 1970-01-01.
CREATE TABLE segment_due (
    person BLOB NOT NULL PRIMARY KEY,
    day INTEGER NOT NULL
) STRICT;

CREATE INDEX segment_due_day ON segment_due (day, person);
