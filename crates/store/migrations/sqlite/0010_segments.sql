-- Segments that people saved. Deleted ones stay for their history, without counting.
CREATE TABLE segment (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    note TEXT,
    -- The condition as JSON.
    definition TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    deleted_at INTEGER
) STRICT;

CREATE UNIQUE INDEX segment_name ON segment (name) WHERE deleted_at IS NULL;

-- What a segment was before, version by version.
CREATE TABLE segment_version (
    segment BLOB NOT NULL,
    version INTEGER NOT NULL,
    definition TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (segment, version)
) STRICT;
