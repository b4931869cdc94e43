-- Which person each subject belongs to. person is the subject of the person's first fact.
CREATE TABLE person_subject (
    subject uuid NOT NULL PRIMARY KEY,
    person uuid NOT NULL,
    -- Of the handle that the subject stands for; empty where none is known.
    channel text NOT NULL,
    -- The first fact taken in under this subject; null for a handle that facts only carried.
    first_fact bigint,
    -- Too many different customers share it: it joins nobody.
    shared boolean NOT NULL
);
CREATE INDEX person_subject_person ON person_subject (person);
CREATE INDEX person_subject_shared ON person_subject (channel, subject) WHERE shared;

-- Why subjects are one person: seen together in a fact (automatic), or joined by a merge.
CREATE TABLE identity_edge (
    merge uuid NOT NULL PRIMARY KEY,
    a uuid NOT NULL,
    b uuid NOT NULL,
    automatic boolean NOT NULL,
    reason text NOT NULL,
    seq bigint NOT NULL
);
CREATE INDEX identity_edge_a ON identity_edge (a);
CREATE INDEX identity_edge_b ON identity_edge (b);

-- Edges taken back, whether they came before or come after.
CREATE TABLE identity_unmerge (
    merge uuid NOT NULL PRIMARY KEY,
    seq bigint NOT NULL
);

-- Subjects that moved from one person to another, at which fact.
CREATE TABLE person_change (
    seq bigint NOT NULL,
    subject uuid NOT NULL,
    from_person uuid NOT NULL,
    to_person uuid NOT NULL,
    PRIMARY KEY (seq, subject)
);
