-- Settings of the shop.
CREATE TABLE setting (
    key text NOT NULL PRIMARY KEY,
    value text NOT NULL,
    changed_at bigint NOT NULL
);

-- The newest version of each order. Amounts are minor units of the order's own currency; seq is the fact that holds its lines.
CREATE TABLE order_state (
    -- Of source and external id; the same after erasure.
    order_key uuid NOT NULL PRIMARY KEY,
    source text NOT NULL,
    external_id text NOT NULL,
    subject uuid NOT NULL,
    seq bigint NOT NULL,
    version text NOT NULL,
    received_at bigint NOT NULL,
    placed_at bigint NOT NULL,
    day bigint NOT NULL,
    currency text NOT NULL,
    exchange_rate text,
    exclusion text NOT NULL,
    gross bigint NOT NULL,
    discount bigint NOT NULL,
    tax bigint NOT NULL,
    shipping bigint NOT NULL,
    cost bigint,
    payment_fee bigint,
    shipping_cost bigint,
    packaging_cost bigint,
    channel text,
    country text
);
CREATE INDEX order_state_subject ON order_state (subject);
CREATE INDEX order_state_day ON order_state (day, order_key);

-- The newest version of each refund. It belongs to the order's person, whenever the order comes.
CREATE TABLE refund_state (
    refund_key uuid NOT NULL PRIMARY KEY,
    source text NOT NULL,
    external_id text NOT NULL,
    order_key uuid NOT NULL,
    order_external_id text NOT NULL,
    subject uuid NOT NULL,
    seq bigint NOT NULL,
    version text NOT NULL,
    received_at bigint NOT NULL,
    refunded_at bigint NOT NULL,
    day bigint NOT NULL,
    currency text NOT NULL,
    items bigint NOT NULL,
    tax_and_shipping bigint NOT NULL,
    restocked_cost bigint NOT NULL
);
CREATE INDEX refund_state_order ON refund_state (order_key);
CREATE INDEX refund_state_subject ON refund_state (subject);

-- The newest version of each marketing or sales cost. Days are local days, both included.
CREATE TABLE spend_state (
    spend_key uuid NOT NULL PRIMARY KEY,
    version text NOT NULL,
    received_at bigint NOT NULL,
    from_day text NOT NULL,
    until_day text NOT NULL,
    channel text,
    kind text NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL
);

-- Placed value of all purchase days, and of the first one: what the spend model reads.
ALTER TABLE person_statistics ADD COLUMN purchase_placed_minor bigint NOT NULL DEFAULT 0;
ALTER TABLE person_statistics ADD COLUMN first_placed_minor bigint NOT NULL DEFAULT 0;
-- Whether the person has a handle.
ALTER TABLE person_statistics ADD COLUMN identified boolean NOT NULL DEFAULT false;
-- The last fact that changed the row.
ALTER TABLE person_statistics ADD COLUMN changed_seq bigint NOT NULL DEFAULT 0;

ALTER TABLE person_score ADD COLUMN probability_of_purchase double precision;

-- Fits of the value model, one row each; the last one scores. JSON columns hold what scoring needs.
CREATE TABLE fitted_model (
    version bigint NOT NULL PRIMARY KEY,
    model text NOT NULL,
    as_of_day bigint NOT NULL,
    unit_days double precision NOT NULL,
    currency text NOT NULL,
    basis text NOT NULL,
    horizon_days bigint NOT NULL,
    -- Null while there is too little data for single customers.
    engine text,
    conversion text NOT NULL,
    gate text NOT NULL,
    thresholds text NOT NULL,
    bands text NOT NULL,
    backtest text NOT NULL,
    orders bigint NOT NULL,
    customers bigint NOT NULL,
    position bigint NOT NULL,
    -- When everyone had been scored with it.
    scored_at bigint,
    created_at bigint NOT NULL
);

-- What a fit found when it compared an older one's forecast with what happened since.
CREATE TABLE model_alarm (
    version bigint NOT NULL,
    kind text NOT NULL,
    reference_version bigint NOT NULL,
    from_day bigint NOT NULL,
    until_day bigint NOT NULL,
    expected double precision NOT NULL,
    low double precision NOT NULL,
    high double precision NOT NULL,
    actual double precision NOT NULL,
    error double precision NOT NULL,
    usual_error double precision,
    created_at bigint NOT NULL,
    PRIMARY KEY (version, kind)
);
