-- The installation's own secret. One row.
CREATE TABLE installation (
    one bigint NOT NULL PRIMARY KEY CHECK (one = 1),
    hash_key bytea NOT NULL,
    created_at bigint NOT NULL
);

-- The log. seq is the order in which facts were committed.
CREATE TABLE fact (
    seq bigint NOT NULL PRIMARY KEY,
    id uuid NOT NULL,
    delivery uuid NOT NULL,
    partition bigint NOT NULL,
    subject uuid NOT NULL,
    source text NOT NULL,
    kind text NOT NULL,
    external_id text NOT NULL,
    version text NOT NULL,
    occurred_at bigint NOT NULL,
    received_at bigint NOT NULL,
    cause uuid,
    body text NOT NULL
);
CREATE UNIQUE INDEX fact_delivery ON fact (delivery);
-- A subject's facts are found by reading through its partition's entries. An index that begins with the subject would be quicker to
-- read, but every insert would change a page of its own: this one grows at 64 places only.
CREATE INDEX fact_partition ON fact (partition, seq, subject);

-- What identifies a person in a fact. Rows are deleted by erasure.
CREATE TABLE personal (
    seq bigint NOT NULL PRIMARY KEY,
    fields text NOT NULL
);

-- How far each subscriber has come in each partition, and who holds the right to go on.
CREATE TABLE subscriber_cursor (
    subscriber text NOT NULL,
    partition bigint NOT NULL,
    position bigint NOT NULL,
    rebuild_until bigint NOT NULL,
    epoch bigint NOT NULL,
    owner uuid,
    lease_until bigint NOT NULL,
    PRIMARY KEY (subscriber, partition)
);

-- Processes that work for a subscriber, so that they share its partitions fairly.
CREATE TABLE subscriber_worker (
    subscriber text NOT NULL,
    owner uuid NOT NULL,
    expires_at bigint NOT NULL,
    PRIMARY KEY (subscriber, owner)
);

-- What a subscriber is stuck at now.
CREATE TABLE subscriber_trouble (
    subscriber text NOT NULL,
    owner uuid NOT NULL,
    seq bigint NOT NULL,
    error text NOT NULL,
    attempts bigint NOT NULL,
    since bigint NOT NULL,
    PRIMARY KEY (subscriber, owner)
);

-- Facts that a subscriber gave up on.
CREATE TABLE dead_letter (
    subscriber text NOT NULL,
    seq bigint NOT NULL,
    error text NOT NULL,
    attempts bigint NOT NULL,
    died_at bigint NOT NULL,
    PRIMARY KEY (subscriber, seq)
);

-- Jobs and timers. run_at is moved ahead by a claim, to the end of its lease.
CREATE TABLE job (
    id uuid NOT NULL PRIMARY KEY,
    queue text NOT NULL,
    unique_key text,
    payload text NOT NULL,
    due_at bigint NOT NULL,
    run_at bigint NOT NULL,
    attempts bigint NOT NULL,
    max_attempts bigint NOT NULL,
    claim_epoch bigint NOT NULL,
    last_error text,
    created_at bigint NOT NULL,
    died_at bigint
);
CREATE UNIQUE INDEX job_unique_key ON job (queue, unique_key) WHERE unique_key IS NOT NULL AND died_at IS NULL;
CREATE INDEX job_run_at ON job (queue, run_at) WHERE died_at IS NULL;

-- What others may read of a person. Each table has exactly one writing capability.
CREATE TABLE person_statistics (
    person uuid NOT NULL,
    currency text NOT NULL,
    first_order_day bigint,
    first_purchase_day bigint,
    last_purchase_day bigint,
    purchase_days bigint NOT NULL,
    orders bigint NOT NULL,
    gross_minor bigint NOT NULL,
    discount_minor bigint NOT NULL,
    refunded_minor bigint NOT NULL,
    net_minor bigint NOT NULL,
    sum_log_gaps double precision NOT NULL,
    last_order_at bigint,
    updated_at bigint NOT NULL,
    PRIMARY KEY (person, currency)
);

CREATE TABLE person_score (
    person uuid NOT NULL,
    model text NOT NULL,
    model_version bigint NOT NULL,
    as_of_day bigint NOT NULL,
    currency text NOT NULL,
    basis text NOT NULL,
    horizon_days bigint NOT NULL,
    p_alive double precision,
    expected_purchases double precision,
    expected_spend double precision,
    predicted_value_minor bigint,
    predicted_low_minor bigint,
    predicted_high_minor bigint,
    band text,
    updated_at bigint NOT NULL,
    PRIMARY KEY (person, model)
);
CREATE INDEX person_score_value ON person_score (model, predicted_value_minor);

CREATE TABLE person_membership (
    person uuid NOT NULL,
    segment text NOT NULL,
    definition_version bigint NOT NULL,
    entered_at bigint NOT NULL,
    PRIMARY KEY (person, segment)
);
CREATE INDEX person_membership_segment ON person_membership (segment, person);

CREATE TABLE person_consent (
    person uuid NOT NULL,
    channel text NOT NULL,
    purpose text NOT NULL,
    granted boolean NOT NULL,
    changed_at bigint NOT NULL,
    evidence_seq bigint NOT NULL,
    PRIMARY KEY (person, channel, purpose)
);
