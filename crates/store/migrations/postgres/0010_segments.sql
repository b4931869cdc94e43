-- Segments that people saved. Deleted ones stay for their history, without counting.
CREATE TABLE segment (
    id uuid NOT NULL PRIMARY KEY,
    name text NOT NULL,
    note text,
    -- The condition as JSON.
    definition text NOT NULL,
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    deleted_at bigint
);

CREATE UNIQUE INDEX segment_name ON segment (name) WHERE deleted_at IS NULL;

-- What a segment was before, version by version.
CREATE TABLE segment_version (
    segment uuid NOT NULL,
    version bigint NOT NULL,
    definition text NOT NULL,
    changed_at bigint NOT NULL,
    PRIMARY KEY (segment, version)
);
