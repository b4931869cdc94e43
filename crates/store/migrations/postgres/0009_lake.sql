-- Persons to be written anew to the lake although no statistics say so: they lost their last order, or were erased. At which fact.
CREATE TABLE lake_touched (
    person uuid NOT NULL PRIMARY KEY,
    seq bigint NOT NULL
);

-- Whose statistics changed after a fact.
CREATE INDEX person_statistics_changed ON person_statistics (changed_seq);

-- How far the files of the lake have come. One row.
CREATE TABLE lake_state (
    one bigint NOT NULL PRIMARY KEY CHECK (one = 1),
    generation bigint NOT NULL,
    position bigint NOT NULL,
    changed_at bigint NOT NULL
);

-- The live files of the lake.
CREATE TABLE lake_file (
    name text NOT NULL PRIMARY KEY,
    table_name text NOT NULL,
    generation bigint NOT NULL,
    row_count bigint NOT NULL,
    bytes bigint NOT NULL
);
