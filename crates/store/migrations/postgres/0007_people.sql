-- What facts of a subject say of the person, newest wins: JSON. Persons are put together from their subjects.
CREATE TABLE subject_profile (
    subject uuid NOT NULL PRIMARY KEY,
    fields text NOT NULL
);

-- What is known of a person now.
CREATE TABLE person_profile (
    person uuid NOT NULL PRIMARY KEY,
    first_name text,
    last_name text,
    email text,
    phone text,
    locale text,
    country text,
    time_zone text,
    -- JSON lists.
    emails text NOT NULL,
    phones text NOT NULL,
    tags text NOT NULL,
    known_since bigint NOT NULL,
    -- Deleted in every source that knows the person.
    deleted boolean NOT NULL,
    -- Folded words that the person is found by, in order, separated by spaces.
    words text NOT NULL
);

CREATE TABLE person_word (
    person uuid NOT NULL,
    word text COLLATE "C" NOT NULL,
    PRIMARY KEY (person, word)
);
CREATE INDEX person_word_word ON person_word (word, person);

-- The newest evidence of each sort per subject, channel and purpose: JSON. person_consent is put together from it.
CREATE TABLE subject_consent (
    subject uuid NOT NULL,
    channel text NOT NULL,
    purpose text NOT NULL,
    evidence text NOT NULL,
    PRIMARY KEY (subject, channel, purpose)
);

-- Forms that ask for consent.
CREATE TABLE consent_form (
    name text NOT NULL PRIMARY KEY,
    channel text NOT NULL,
    purpose text NOT NULL,
    double_opt_in boolean NOT NULL,
    text text NOT NULL,
    text_version text NOT NULL,
    changed_at bigint NOT NULL
);

-- Confirmations of double opt-in that are waited for. The token itself is not kept.
CREATE TABLE consent_token (
    token_hash bytea NOT NULL PRIMARY KEY,
    subject uuid NOT NULL,
    channel text NOT NULL,
    purpose text NOT NULL,
    form text,
    text_version text,
    requested_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    confirmed_at bigint
);
CREATE INDEX consent_token_subject ON consent_token (subject);

-- Keyed hashes of what an erased person was known by. number grows, so that other processes read what is new.
CREATE TABLE suppression (
    number bigint NOT NULL PRIMARY KEY,
    hash uuid NOT NULL,
    subject uuid,
    erasure uuid NOT NULL,
    lifted boolean NOT NULL
);
CREATE UNIQUE INDEX suppression_hash ON suppression (hash);

-- Erasures that were done: line is what the list outside of the database holds, rows what was deleted. Keyed hashes only.
CREATE TABLE erasure (
    id uuid NOT NULL PRIMARY KEY,
    erased_at bigint NOT NULL,
    line text NOT NULL,
    deleted text NOT NULL
);

-- What persons, the shop or a shop system asked for, and what became of it. Nothing in it identifies but an export's document.
CREATE TABLE privacy_request (
    id uuid NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    state text NOT NULL,
    requested_by text NOT NULL,
    requested_at bigint NOT NULL,
    done_at bigint,
    person uuid,
    source text,
    receipt text,
    document text
);
CREATE INDEX privacy_request_person ON privacy_request (person);

-- Handles that were shared by too many when one of those was erased: they stay so, or the others would become one person.
CREATE TABLE identity_kept_shared (
    subject uuid NOT NULL PRIMARY KEY,
    seq bigint NOT NULL
);
