//! Value, live, over the store. Every story runs on SQLite and on PostgreSQL, as the store's own do.

#[expect(dead_code, reason = "the store's stories use more of it")]
#[path = "../../../store/tests/store/support.rs"]
mod support;

#[expect(dead_code, reason = "the stories of people use more of it")]
#[path = "../../../people/tests/people/facts.rs"]
mod facts;

mod any_order;
mod lake;
mod memberships;
mod refits;
mod schema;
mod shop;
mod stories;
