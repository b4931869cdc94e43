-- Persons to be written anew to the lake although no statistics say so: they lost their last order, or were erased. At which fact.
CREATE TABLE lake_touched (
    person BLOB NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL
) STRICT;

-- Whose statistics changed after a fact.
CREATE INDEX person_statistics_changed ON person_statistics (changed_seq);

-- How far the files of the lake have come. One row.
CREATE TABLE lake_state (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    generation INTEGER NOT NULL,
    position INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

-- The live files of the lake.
CREATE TABLE lake_file (
    name TEXT NOT NULL PRIMARY KEY,
    table_name TEXT NOT NULL,
    generation INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    bytes INTEGER NOT NULL
) STRICT;
