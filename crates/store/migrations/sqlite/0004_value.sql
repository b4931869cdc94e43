-- Settings of the shop.
CREATE TABLE setting (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

-- The newest version of each order. Amounts are minor units of the order's own currency; seq is the fact that holds its lines.
CREATE TABLE order_state (
    -- Of source and external id; the same after erasure.
    order_key BLOB NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    subject BLOB NOT NULL,
    seq INTEGER NOT NULL,
    version TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    placed_at INTEGER NOT NULL,
    day INTEGER NOT NULL,
    currency TEXT NOT NULL,
    exchange_rate TEXT,
    exclusion TEXT NOT NULL,
    gross INTEGER NOT NULL,
    discount INTEGER NOT NULL,
    tax INTEGER NOT NULL,
    shipping INTEGER NOT NULL,
    cost INTEGER,
    payment_fee INTEGER,
    shipping_cost INTEGER,
    packaging_cost INTEGER,
    channel TEXT,
    country TEXT
) STRICT;
CREATE INDEX order_state_subject ON order_state (subject);
CREATE INDEX order_state_day ON order_state (day, order_key);

-- The newest version of each refund. It belongs to the order's person, whenever the order comes.
CREATE TABLE refund_state (
    refund_key BLOB NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    order_key BLOB NOT NULL,
    order_external_id TEXT NOT NULL,
    subject BLOB NOT NULL,
    seq INTEGER NOT NULL,
    version TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    refunded_at INTEGER NOT NULL,
    day INTEGER NOT NULL,
    currency TEXT NOT NULL,
    items INTEGER NOT NULL,
    tax_and_shipping INTEGER NOT NULL,
    restocked_cost INTEGER NOT NULL
) STRICT;
CREATE INDEX refund_state_order ON refund_state (order_key);
CREATE INDEX refund_state_subject ON refund_state (subject);

-- The newest version of each marketing or sales cost. Days are local days, both included.
CREATE TABLE spend_state (
    spend_key BLOB NOT NULL PRIMARY KEY,
    version TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    channel TEXT,
    kind TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount INTEGER NOT NULL
) STRICT;

-- Placed value of all purchase days, and of the first one: what the spend model reads.
ALTER TABLE person_statistics ADD COLUMN purchase_placed_minor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person_statistics ADD COLUMN first_placed_minor INTEGER NOT NULL DEFAULT 0;
-- Whether the person has a handle.
ALTER TABLE person_statistics ADD COLUMN identified INTEGER NOT NULL DEFAULT 0;
-- The last fact that changed the row.
ALTER TABLE person_statistics ADD COLUMN changed_seq INTEGER NOT NULL DEFAULT 0;

ALTER TABLE person_score ADD COLUMN probability_of_purchase REAL;

-- Fits of the value model, one row each; the last one scores. JSON columns hold what scoring needs.
CREATE TABLE fitted_model (
    version INTEGER NOT NULL PRIMARY KEY,
    model TEXT NOT NULL,
    as_of_day INTEGER NOT NULL,
    unit_days REAL NOT NULL,
    currency TEXT NOT NULL,
    basis TEXT NOT NULL,
    horizon_days INTEGER NOT NULL,
    -- Null while there is too little data for single customers.
    engine TEXT,
    conversion TEXT NOT NULL,
    gate TEXT NOT NULL,
    thresholds TEXT NOT NULL,
    bands TEXT NOT NULL,
    backtest TEXT NOT NULL,
    orders INTEGER NOT NULL,
    customers INTEGER NOT NULL,
    position INTEGER NOT NULL,
    -- When everyone had been scored with it.
    scored_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;

-- What a fit found when it compared an older one's forecast with what happened since.
CREATE TABLE model_alarm (
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    reference_version INTEGER NOT NULL,
    from_day INTEGER NOT NULL,
    until_day INTEGER NOT NULL,
    expected REAL NOT NULL,
    low REAL NOT NULL,
    high REAL NOT NULL,
    actual REAL NOT NULL,
    error REAL NOT NULL,
    usual_error REAL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (version, kind)
) STRICT;
