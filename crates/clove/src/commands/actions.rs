//! `clove actions`: what is worth doing next, with the arithmetic of each.

use clap::Args;
use clove_core::{Table, Values};
use clove_measure::actions::{Action, ActionOptions, ArithmeticLine, actions};
use clove_measure::explain::with_excluded;
use clove_measure::value::{ValueOptions, customer_values};

use super::answers::amount;
use crate::arguments::{CountingArguments, FileArguments, OutputArguments};
use crate::load;
use crate::output::{Answer, thousands};

/// What to assume.
#[derive(Debug, Args)]
pub struct ActionsArguments {
    #[command(flatten)]
    files: FileArguments,
    /// Share of those reached in time who come back and otherwise would not.
    #[arg(long, value_name = "SHARE", default_value_t = ActionOptions::default().answer_share, value_parser = share)]
    answer_share: f64,
    /// The same of those who had left.
    #[arg(long, value_name = "SHARE", default_value_t = ActionOptions::default().lapsed_answer_share, value_parser = share)]
    lapsed_answer_share: f64,
    /// What a message costs, in units of the shop's currency.
    #[arg(long, value_name = "AMOUNT", default_value_t = ActionOptions::default().contact_cost, value_parser = cost)]
    contact_cost: f64,
    /// What an offer takes off the order that it brings.
    #[arg(long, value_name = "SHARE", default_value_t = ActionOptions::default().offer_share, value_parser = share)]
    offer_share: f64,
    #[command(flatten)]
    counting: CountingArguments,
    #[command(flatten)]
    output: OutputArguments,
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse::<f64>().map_err(|_| "a share is a number from 0 to 1".to_owned())?;
    if (0.0..=1.0).contains(&share) {
        Ok(share)
    } else {
        Err("a share lies between 0 and 1: 0.05 is 5 of 100".to_owned())
    }
}

fn cost(text: &str) -> Result<f64, String> {
    let cost = text.parse::<f64>().map_err(|_| "a cost is a number such as 0.02".to_owned())?;
    if (0.0..=1_000_000.0).contains(&cost) { Ok(cost) } else { Err("a cost is 0 or more".to_owned()) }
}

/// Finds what is worth doing and prints it.
pub fn run(arguments: &ActionsArguments) -> anyhow::Result<()> {
    let loaded = load::load(&arguments.files, &arguments.counting)?;
    let ledger = loaded.ledger()?;
    let options = ActionOptions {
        answer_share: arguments.answer_share,
        lapsed_answer_share: arguments.lapsed_answer_share,
        contact_cost: arguments.contact_cost,
        offer_share: arguments.offer_share,
    };
    let values = customer_values(loaded.shop(), loaded.persons(), &ValueOptions::new(ledger.as_of()));
    let answer = actions(&ledger, values.expectations().as_deref(), options);
    let mut text = if answer.actions.is_empty() {
        format!("Nothing to do that could be reckoned, as of {}\n", answer.as_of)
    } else {
        format!("{} things worth doing, as of {}: the most valuable first\n", answer.actions.len(), answer.as_of)
    };
    for action in &answer.actions {
        let reach = thousands(action.reach as i64);
        text += &format!(
            "\n{}\n  {}\n  Net {} from {reach} customers: {}\n",
            action.title,
            action.reason,
            amount(Some(action.net)),
            action.segment.words()
        );
        for line in &action.arithmetic {
            text += &format!("    {:<58} {:>12}  {}\n", line.label, value(line), line.source);
        }
        if let Some(hold_out) = action.hold_out {
            text += &format!(
                "  Keep {} of them apart: a difference of {:.1} in 100 or more would show\n",
                thousands(hold_out.customers as i64),
                hold_out.smallest_effect * 100.0
            );
        }
    }
    if !answer.has_forecasts && !answer.actions.is_empty() {
        text += "\nThere are too few data for forecasts: gains are of the one order that an answer brings.\n";
    }
    let rows = &answer.actions;
    let texts = |of: &dyn Fn(&Action) -> String| Values::Text(rows.iter().map(|one| Some(of(one))).collect());
    let money =
        |of: &dyn Fn(&Action) -> i64| Values::Money(rows.iter().map(|one| Some(of(one))).collect(), ledger.currency());
    let table = Table::new()
        .with("action", texts(&|one| one.id.to_owned()))
        .with("stage", texts(&|one| one.stage.to_owned()))
        .with("title", texts(&|one| one.title.clone()))
        .with("reach", Values::Int(rows.iter().map(|one| Some(one.reach as i64)).collect()))
        .with("gain", money(&|one| one.gain.minor))
        .with("cost", money(&|one| one.cost.minor))
        .with("net", money(&|one| one.net.minor));
    Answer { json: with_excluded(&ledger, &answer)?, table, text: Some(text) }.write(&arguments.output)
}

fn value(line: &ArithmeticLine) -> String {
    match line.unit {
        "customers" => thousands(line.value as i64),
        "share" => format!("{:.1} %", line.value * 100.0),
        _ => format!("{:.2}", line.value),
    }
}
