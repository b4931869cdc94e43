//! Whole files in, a shop's data out: through the public interface only.

mod common;
mod costs;
mod customers;
mod generic;
mod golden;
mod odd;
mod shops;
mod stores;
