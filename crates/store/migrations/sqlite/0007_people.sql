-- What facts of a subject say of the person, newest wins: JSON. Persons are put together from their subjects.
CREATE TABLE subject_profile (
    subject BLOB NOT NULL PRIMARY KEY,
    fields TEXT NOT NULL
) STRICT;

-- What is known of a person now.
CREATE TABLE person_profile (
    person BLOB NOT NULL PRIMARY KEY,
    first_name TEXT,
    last_name TEXT,
    email TEXT,
    phone TEXT,
    locale TEXT,
    country TEXT,
    time_zone TEXT,
    -- JSON lists.
    emails TEXT NOT NULL,
    phones TEXT NOT NULL,
    tags TEXT NOT NULL,
    known_since INTEGER NOT NULL,
    -- Deleted in every source that knows the person.
    deleted INTEGER NOT NULL,
    -- Folded words that the person is found by, in order, separated by spaces.
    words TEXT NOT NULL
) STRICT;

CREATE TABLE person_word (
    person BLOB NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (person, word)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_word_word ON person_word (word, person);

-- The newest evidence of each sort per subject, channel and purpose: JSON. person_consent is put together from it.
CREATE TABLE subject_consent (
    subject BLOB NOT NULL,
    channel TEXT NOT NULL,
    purpose TEXT NOT NULL,
    evidence TEXT NOT NULL,
    PRIMARY KEY (subject, channel, purpose)
) STRICT;

-- Forms that ask for consent.
CREATE TABLE consent_form (
    name TEXT NOT NULL PRIMARY KEY,
    channel TEXT NOT NULL,
    purpose TEXT NOT NULL,
    double_opt_in INTEGER NOT NULL,
    text TEXT NOT NULL,
    text_version TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

-- Confirmations of double opt-in that are waited for. The token itself is not kept.
CREATE TABLE consent_token (
    token_hash BLOB NOT NULL PRIMARY KEY,
    subject BLOB NOT NULL,
    channel TEXT NOT NULL,
    purpose TEXT NOT NULL,
    form TEXT,
    text_version TEXT,
    requested_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    confirmed_at INTEGER
) STRICT;
CREATE INDEX consent_token_subject ON consent_token (subject);

-- Keyed hashes of what an erased person was known by. number grows, so that other processes read what is new.
CREATE TABLE suppression (
    number INTEGER NOT NULL PRIMARY KEY,
    hash BLOB NOT NULL,
    subject BLOB,
    erasure BLOB NOT NULL,
    lifted INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX suppression_hash ON suppression (hash);

-- Erasures that were done: line is what the list outside of the database holds, rows what was deleted. Keyed hashes only.
CREATE TABLE erasure (
    id BLOB NOT NULL PRIMARY KEY,
    erased_at INTEGER NOT NULL,
    line TEXT NOT NULL,
    deleted TEXT NOT NULL
) STRICT;

-- What persons, the shop or a shop system asked for, and what became of it. Nothing in it identifies but an export's document.
CREATE TABLE privacy_request (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    requested_by TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    done_at INTEGER,
    person BLOB,
    source TEXT,
    receipt TEXT,
    document TEXT
) STRICT;
CREATE INDEX privacy_request_person ON privacy_request (person);

-- Handles that were shared by too many when one of those was erased: they stay so, or the others would become one person.
CREATE TABLE identity_kept_shared (
    subject BLOB NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL
) STRICT;
