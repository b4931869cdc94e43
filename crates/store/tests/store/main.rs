//! The store as its users see it. Every story runs on SQLite and on PostgreSQL.
//!
//! PostgreSQL is the server of `CLOVE_TEST_POSTGRES` (`scripts/test-postgres`). Without it the stories run on SQLite alone and
//! say so; where `CLOVE_TEST_DATA` is set, as in CI, its absence is a failure.

mod support;

mod backup;
mod customer_view;
mod facts;
mod jobs;
mod killed;
mod known_orders;
mod quarantine;
mod recent;
mod schema;
mod subscribers;
