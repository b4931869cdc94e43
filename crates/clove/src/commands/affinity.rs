//! `clove affinity`: products that are bought together more often than by chance.

use clap::{Args, ValueEnum};
use clove_measure::affinity::{Basket, affinity};
use clove_measure::ledger::Ledger;

use super::answers::with_excluded;
use crate::arguments::{CountingArguments, FileArguments, OutputArguments};
use crate::output::{Answer, terminal_table};
use crate::{DataError, load};

/// What to compute.
#[derive(Debug, Args)]
pub struct AffinityArguments {
    #[command(flatten)]
    files: FileArguments,
    #[command(flatten)]
    counting: CountingArguments,
    /// What is one basket
    #[arg(long, default_value = "customer")]
    basket: BasketArgument,
    /// Leave out pairs in fewer baskets than this
    #[arg(long, default_value_t = 5)]
    minimum_support: u64,
    #[command(flatten)]
    output: OutputArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BasketArgument {
    /// Everything a customer ever bought
    Customer,
    /// One order
    Order,
}

/// Computes and prints the pairs, highest lift first.
pub fn run(arguments: &AffinityArguments) -> anyhow::Result<()> {
    let loaded = load::load(&arguments.files, &arguments.counting)?;
    let ledger = Ledger::new(loaded.shop(), loaded.persons(), loaded.as_of);
    let basket = match arguments.basket {
        BasketArgument::Customer => Basket::Customer,
        BasketArgument::Order => Basket::Order,
    };
    let answer = affinity(&ledger, basket, arguments.minimum_support).map_err(DataError)?;
    let table = answer.table();
    let text = format!(
        "{} baskets (one per {}), pairs in at least {} of them, as of {}\n{}",
        answer.baskets,
        answer.basket,
        answer.minimum_support,
        answer.as_of,
        terminal_table(&table, 40)
    );
    Answer { json: with_excluded(&ledger, &answer)?, table, text: Some(text) }.write(&arguments.output)
}
