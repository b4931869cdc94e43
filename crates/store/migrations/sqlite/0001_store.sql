-- The installation's own secret. One row.
CREATE TABLE installation (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    hash_key BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- The log. seq is the order in which facts were committed.
CREATE TABLE fact (
    seq INTEGER NOT NULL PRIMARY KEY,
    id BLOB NOT NULL,
    delivery BLOB NOT NULL,
    partition INTEGER NOT NULL,
    subject BLOB NOT NULL,
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    external_id TEXT NOT NULL,
    version TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    cause BLOB,
    body TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX fact_delivery ON fact (delivery);
-- A subject's facts are found by reading through its partition's entries. An index that begins with the subject would be quicker to
-- read, but every insert would change a page of its own: this one grows at 64 places only.
CREATE INDEX fact_partition ON fact (partition, seq, subject);

-- What identifies a person in a fact. Rows are deleted by erasure.
CREATE TABLE personal (
    seq INTEGER NOT NULL PRIMARY KEY,
    fields TEXT NOT NULL
) STRICT;

-- How far each subscriber has come in each partition, and who holds the right to go on.
CREATE TABLE subscriber_cursor (
    subscriber TEXT NOT NULL,
    partition INTEGER NOT NULL,
    position INTEGER NOT NULL,
    rebuild_until INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    owner BLOB,
    lease_until INTEGER NOT NULL,
    PRIMARY KEY (subscriber, partition)
) STRICT;

-- Processes that work for a subscriber, so that they share its partitions fairly.
CREATE TABLE subscriber_worker (
    subscriber TEXT NOT NULL,
    owner BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (subscriber, owner)
) STRICT;

-- What a subscriber is stuck at now.
CREATE TABLE subscriber_trouble (
    subscriber TEXT NOT NULL,
    owner BLOB NOT NULL,
    seq INTEGER NOT NULL,
    error TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (subscriber, owner)
) STRICT;

-- Facts that a subscriber gave up on.
CREATE TABLE dead_letter (
    subscriber TEXT NOT NULL,
    seq INTEGER NOT NULL,
    error TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    died_at INTEGER NOT NULL,
    PRIMARY KEY (subscriber, seq)
) STRICT;

-- Jobs and timers. run_at is moved ahead by a claim, to the end of its lease.
CREATE TABLE job (
    id BLOB NOT NULL PRIMARY KEY,
    queue TEXT NOT NULL,
    unique_key TEXT,
    payload TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    run_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    max_attempts INTEGER NOT NULL,
    claim_epoch INTEGER NOT NULL,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    died_at INTEGER
) STRICT;
CREATE UNIQUE INDEX job_unique_key ON job (queue, unique_key) WHERE unique_key IS NOT NULL AND died_at IS NULL;
CREATE INDEX job_run_at ON job (queue, run_at) WHERE died_at IS NULL;

-- What others may read of a person. Each table has exactly one writing capability.
CREATE TABLE person_statistics (
    person BLOB NOT NULL,
    currency TEXT NOT NULL,
    first_order_day INTEGER,
    first_purchase_day INTEGER,
    last_purchase_day INTEGER,
    purchase_days INTEGER NOT NULL,
    orders INTEGER NOT NULL,
    gross_minor INTEGER NOT NULL,
    discount_minor INTEGER NOT NULL,
    refunded_minor INTEGER NOT NULL,
    net_minor INTEGER NOT NULL,
    sum_log_gaps REAL NOT NULL,
    last_order_at INTEGER,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (person, currency)
) STRICT;

CREATE TABLE person_score (
    person BLOB NOT NULL,
    model TEXT NOT NULL,
    model_version INTEGER NOT NULL,
    as_of_day INTEGER NOT NULL,
    currency TEXT NOT NULL,
    basis TEXT NOT NULL,
    horizon_days INTEGER NOT NULL,
    p_alive REAL,
    expected_purchases REAL,
    expected_spend REAL,
    predicted_value_minor INTEGER,
    predicted_low_minor INTEGER,
    predicted_high_minor INTEGER,
    band TEXT,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (person, model)
) STRICT;
CREATE INDEX person_score_value ON person_score (model, predicted_value_minor);

CREATE TABLE person_membership (
    person BLOB NOT NULL,
    segment TEXT NOT NULL,
    definition_version INTEGER NOT NULL,
    entered_at INTEGER NOT NULL,
    PRIMARY KEY (person, segment)
) STRICT;
CREATE INDEX person_membership_segment ON person_membership (segment, person);

CREATE TABLE person_consent (
    person BLOB NOT NULL,
    channel TEXT NOT NULL,
    purpose TEXT NOT NULL,
    granted INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    evidence_seq INTEGER NOT NULL,
    PRIMARY KEY (person, channel, purpose)
) STRICT;
