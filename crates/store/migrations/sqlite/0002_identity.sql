-- Which person each subject belongs to. person is the subject of the person's first fact.
CREATE TABLE person_subject (
    subject BLOB NOT NULL PRIMARY KEY,
    person BLOB NOT NULL,
    -- Of the handle that the subject stands for; empty where none is known.
    channel TEXT NOT NULL,
    -- The first fact taken in under this subject; null for a handle that facts only carried.
    first_fact INTEGER,
    -- Too many different customers share it: it joins nobody.
    shared INTEGER NOT NULL
) STRICT;
CREATE INDEX person_subject_person ON person_subject (person);
CREATE INDEX person_subject_shared ON person_subject (channel, subject) WHERE shared = 1;

-- Why subjects are one person: seen together in a fact (automatic), or joined by a merge.
CREATE TABLE identity_edge (
    merge BLOB NOT NULL PRIMARY KEY,
    a BLOB NOT NULL,
    b BLOB NOT NULL,
    automatic INTEGER NOT NULL,
    reason TEXT NOT NULL,
    seq INTEGER NOT NULL
) STRICT;
CREATE INDEX identity_edge_a ON identity_edge (a);
CREATE INDEX identity_edge_b ON identity_edge (b);

-- Edges taken back, whether they came before or come after.
CREATE TABLE identity_unmerge (
    merge BLOB NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL
) STRICT;

-- Subjects that moved from one person to another, at which fact.
CREATE TABLE person_change (
    seq INTEGER NOT NULL,
    subject BLOB NOT NULL,
    from_person BLOB NOT NULL,
    to_person BLOB NOT NULL,
    PRIMARY KEY (seq, subject)
) STRICT;
