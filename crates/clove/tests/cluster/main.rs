//! The same answers in process and on a cluster: a scheduler and two executors, run as programs, spoken to over the network.

mod answers;
mod commands;
mod faults;
mod nodes;
mod shop;
mod stores;
