-- What people do beside buying: events, pages and screens, for definitions and figures that count them. A projection of the log.
CREATE TABLE interaction (
    -- The fact.
    seq INTEGER NOT NULL PRIMARY KEY,
    subject BLOB NOT NULL,
    -- The event's name; 'page' and 'screen' for those.
    name TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    -- JSON list of the products that it is about.
    products TEXT NOT NULL,
    -- JSON object of its texts, numbers and flags.
    properties TEXT NOT NULL
) STRICT;

CREATE INDEX interaction_subject ON interaction (subject, name);
CREATE INDEX interaction_name ON interaction (name, seq);
