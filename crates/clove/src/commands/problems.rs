//! `clove problems`: what goes wrong in the shop, on what evidence, and what to do.

use clap::Args;
use clove_core::{Table, Values};
use clove_measure::explain::with_excluded;
use clove_measure::problems::{Problem, problems};

use super::answers::amount;
use crate::arguments::{CountingArguments, FileArguments, OutputArguments};
use crate::load;
use crate::output::{Answer, thousands};

/// What to look at.
#[derive(Debug, Args)]
pub struct ProblemsArguments {
    #[command(flatten)]
    files: FileArguments,
    #[command(flatten)]
    counting: CountingArguments,
    #[command(flatten)]
    output: OutputArguments,
}

/// Looks for every problem and prints what was found.
pub fn run(arguments: &ProblemsArguments) -> anyhow::Result<()> {
    let loaded = load::load(&arguments.files, &arguments.counting)?;
    let ledger = loaded.ledger()?;
    let answer = problems(&ledger);
    let mut text =
        format!("{} of {} rules found something, as of {}\n", answer.found.len(), answer.checked.len(), answer.as_of);
    for problem in &answer.found {
        text += &format!("\n{} ({})\n  {}\n  Do: {}\n", problem.title, problem.stage, problem.evidence, problem.action);
        if let Some(at_stake) = problem.at_stake {
            text += &format!("  At stake: {}\n", amount(Some(at_stake)));
        }
        if let (Some(reach), Some(segment)) = (problem.reach, &problem.segment) {
            text += &format!("  Concerns {} customers: {}\n", thousands(reach as i64), segment.words());
        }
    }
    let quiet = |outcome: &'static str| answer.checked.iter().filter(move |one| one.outcome == outcome);
    if quiet("fine").next().is_some() {
        let titles: Vec<&str> = quiet("fine").map(|one| one.title).collect();
        text += &format!("\nLooked for and not found: {}\n", titles.join("; "));
    }
    for one in quiet("too_little") {
        text += &format!("Too little data for \"{}\": {}\n", one.title, one.note.unwrap_or("-"));
    }
    let rows = &answer.found;
    let texts = |of: &dyn Fn(&Problem) -> String| Values::Text(rows.iter().map(|one| Some(of(one))).collect());
    let table = Table::new()
        .with("rule", texts(&|one| one.rule.to_owned()))
        .with("stage", texts(&|one| one.stage.to_owned()))
        .with("evidence", texts(&|one| one.evidence.clone()))
        .with("value", Values::Float(rows.iter().map(|one| Some(one.value)).collect(), 4))
        .with("usual", Values::Float(rows.iter().map(|one| one.usual).collect(), 4))
        .with("n", Values::Int(rows.iter().map(|one| Some(one.n as i64)).collect()))
        .with("reach", Values::Int(rows.iter().map(|one| one.reach.map(|reach| reach as i64)).collect()))
        .with(
            "at_stake",
            Values::Money(rows.iter().map(|one| one.at_stake.map(|one| one.minor)).collect(), ledger.currency()),
        )
        .with("action", texts(&|one| one.action.to_owned()));
    Answer { json: with_excluded(&ledger, &answer)?, table, text: Some(text) }.write(&arguments.output)
}
