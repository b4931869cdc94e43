//! Reads order files and prints how long it took: `cargo run --release -p clove-connect --example import FILE...`.

use std::process::ExitCode;
use std::time::Instant;

use clove_connect::{Inputs, ReadOptions, read_shop};

fn main() -> ExitCode {
    let inputs = Inputs { orders: std::env::args().skip(1).collect(), ..Inputs::default() };
    let started = Instant::now();
    match read_shop(&inputs, &ReadOptions::default()) {
        Ok(import) => {
            let shop = &import.shop;
            println!(
                "{} rows, {} orders, {} customers, {} lines, {} rejected, format {}, {} {}, {:.3} s",
                shop.health.rows,
                shop.orders.len(),
                shop.orders.customer_ids.len(),
                shop.lines.as_ref().map_or(0, |lines| lines.order.len()),
                shop.health.rejected,
                shop.format,
                shop.currency.format(shop.orders.gross.iter().sum()),
                shop.currency,
                started.elapsed().as_secs_f64(),
            );
            println!("{:?}", shop.health.rows_left_out);
            println!("{:?}", shop.health.warnings);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
