//! A demo shop that Clove makes itself: "Brezza", an invented seller of coffee, tea and what belongs to them.
//!
//! Everything follows from a seed: the same options give the same bytes on every machine. The files have what real
//! exports have: seasons, discounts, late and partial returns, guests, people with two e-mail addresses, three
//! currencies, gift cards, test and cancelled orders, lost exchange rates, unknown costs.

mod basket;
mod calendar;
mod catalogue;
mod files;
mod folder;
mod people;
mod random;
mod simulate;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clove_core::Day;
pub use folder::make_folder;

/// What the demo shop should be like.
#[derive(Debug, Clone)]
pub struct DemoOptions {
    /// Number of orders, test and cancelled ones included.
    pub orders: usize,
    /// Seed of the simulation.
    pub seed: u64,
    /// Last day of the shop's history, which is 36 calendar months long. A fixed date, so that reports can be repeated.
    pub until: Day,
}

impl Default for DemoOptions {
    /// 20,000 orders until 2026-06-30, seed 7.
    fn default() -> DemoOptions {
        DemoOptions { orders: 20_000, seed: 7, until: Day(clove_core::day::days_from_civil(2026, 6, 30)) }
    }
}

/// The files that were written.
#[derive(Debug, Clone)]
pub struct DemoFiles {
    /// One row per order; amounts in the order's currency, with its rate to the shop's currency (EUR).
    pub orders: PathBuf,
    /// One row per line of an order, with who, when and in which currency, so that it can be read by itself.
    pub order_lines: PathBuf,
    /// One row per refund, in the order's currency.
    pub refunds: PathBuf,
    /// Marketing costs by month, channel and kind, in EUR.
    pub spend: PathBuf,
}

/// Writes a demo shop to `directory`, which is made if it does not exist. Files of the same names are replaced.
///
/// # Errors
/// If the directory or a file cannot be written.
pub fn write_demo(directory: &Path, options: &DemoOptions) -> io::Result<DemoFiles> {
    std::fs::create_dir_all(directory)?;
    let shop = simulate::simulate(options);
    let files = DemoFiles {
        orders: directory.join("orders.csv"),
        order_lines: directory.join("order_lines.csv"),
        refunds: directory.join("refunds.csv"),
        spend: directory.join("spend.csv"),
    };
    write_file(&files.orders, |out| files::write_orders(out, &shop))?;
    write_file(&files.order_lines, |out| files::write_lines(out, &shop))?;
    write_file(&files.refunds, |out| files::write_refunds(out, &shop))?;
    write_file(&files.spend, |out| files::write_spend(out, &shop))?;
    Ok(files)
}

fn write_file(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    write(&mut out)?;
    out.flush()
}

#[cfg(test)]
mod tests;
