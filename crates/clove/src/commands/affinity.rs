//! `clove affinity`: products that are bought together more often than by chance.

use clap::{Args, ValueEnum};
use clove_measure::affinity::{Basket, LARGEST_BASKET, affinity};
use clove_measure::explain::with_excluded;

use crate::arguments::{CountingArguments, FileArguments, OutputArguments};
use crate::output::{Answer, Shown, thousands};
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
    let ledger = loaded.ledger()?;
    let basket = match arguments.basket {
        BasketArgument::Customer => Basket::Customer,
        BasketArgument::Order => Basket::Order,
    };
    let answer = affinity(&ledger, basket, arguments.minimum_support).map_err(DataError)?;
    let table = answer.table();
    let mut text = format!(
        "{} baskets (one per {}), pairs in at least {} of them, as of {}\n{}",
        thousands(answer.baskets as i64),
        answer.basket,
        answer.minimum_support,
        answer.as_of,
        Shown::new(&table).most(40).drop_first(&["count_a", "count_b", "support"]).text()
    );
    if answer.oversized_baskets > 0 {
        text += &format!(
            "\nLeft out: {} baskets with more than {LARGEST_BASKET} different products, which say nothing about pairs.",
            thousands(answer.oversized_baskets as i64)
        );
    }
    if answer.pairs.is_empty() {
        text += "\nNo two products are in so many baskets together; --minimum-support lowers the bar.";
    }
    Answer { json: with_excluded(&ledger, &answer)?, table, text: Some(text) }.write(&arguments.output)
}
