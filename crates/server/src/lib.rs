#![doc = include_str!("../README.md")]

mod admit;
mod answers;
mod audit;
mod consent;
mod dead_letters;
mod document;
mod events;
mod figures;
mod gauges;
mod health;
pub mod imports;
mod intake;
mod keys;
mod layers;
mod listen;
mod orders;
mod products;
mod profiles;
mod quarantine;
mod refunds;
mod routes;
mod segment;
mod serve;
mod session;
mod sources;
mod spend;
mod users;
mod web;
mod webhooks;
mod work;

pub use listen::ConnectionLimits;
pub use routes::{open_api, router};
pub use serve::{ServeError, ServeOptions, Server, lake_folder};
pub use webhooks::Deliveries;
pub use work::{Worker, WorkerOptions, erasers, subscribers};
