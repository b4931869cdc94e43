//! Callers, users, sessions, keys and the audit log on both engines.
//!
//! PostgreSQL is the server of `CLOVE_TEST_POSTGRES` (`scripts/test-postgres`). Without it the stories run on SQLite alone and
//! say so; where `CLOVE_TEST_DATA` is set, as in CI, its absence is a failure.

mod support;

mod access;
mod audit;
mod schema;
