#![doc = include_str!("../README.md")]

mod health;
mod keys;
mod layers;
mod orders;
mod routes;
mod serve;

pub use routes::{open_api, router};
pub use serve::{ServeError, ServeOptions, Server, erasers, subscribers};
