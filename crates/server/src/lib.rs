#![doc = include_str!("../README.md")]

mod consent;
mod events;
mod gauges;
mod health;
mod intake;
mod keys;
mod layers;
mod orders;
mod products;
mod profiles;
mod quarantine;
mod refunds;
mod routes;
mod segment;
mod serve;
mod spend;

pub use routes::{open_api, router};
pub use serve::{ServeError, ServeOptions, Server, erasers, subscribers};
