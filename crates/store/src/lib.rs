//! The transactional store: fact log, subscribers, jobs, on SQLite or PostgreSQL.
