//! `clove sql`: the analyst's own questions over the derived tables.

use clap::Args;

use super::cluster::{OnCluster, usage};
use crate::arguments::{CountingArguments, FileArguments, OutputArguments};
use crate::load;
use crate::output::{Answer, Shown, note, table_rows};

/// What to ask.
#[derive(Debug, Args)]
pub struct SqlArguments {
    /// The question, for instance "select channel, sum(net) from order_values where is_order group by channel".
    /// Tables: orders, order_values, customers, order_adjustments, order_lines, spend; "show tables" lists their names,
    /// "describe orders" their columns. Amounts are whole minor units
    sql: String,
    #[command(flatten)]
    files: FileArguments,
    #[command(flatten)]
    counting: CountingArguments,
    #[command(flatten)]
    cluster: OnCluster,
    #[command(flatten)]
    output: OutputArguments,
}

/// Runs the question.
pub fn run(arguments: &SqlArguments) -> anyhow::Result<()> {
    let loaded = load::load(&arguments.files, &arguments.counting)?;
    let mut lake = arguments.cluster.lake()?;
    lake.register_shop(loaded.shop(), loaded.persons(), loaded.as_of).map_err(usage)?;
    let table = lake.sql(&arguments.sql).map_err(usage)?;
    note(&format!("as of {}, amounts in minor units of {}", loaded.as_of, loaded.shop().currency));
    let text = Shown::new(&table).most(200).whole().text();
    Answer { json: table_rows(&table), table, text: Some(text) }.write(&arguments.output)
}
