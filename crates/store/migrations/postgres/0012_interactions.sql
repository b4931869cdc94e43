-- What people do beside buying: events, pages and screens, for definitions and figures that count them. A projection of the log.
CREATE TABLE interaction (
    -- The fact.
    seq bigint NOT NULL PRIMARY KEY,
    subject uuid NOT NULL,
    -- The event's name; 'page' and 'screen' for those.
    name text NOT NULL,
    occurred_at bigint NOT NULL,
    -- JSON list of the products that it is about.
    products text NOT NULL,
    -- JSON object of its texts, numbers and flags.
    properties text NOT NULL
);

CREATE INDEX interaction_subject ON interaction (subject, name);
CREATE INDEX interaction_name ON interaction (name, seq);
