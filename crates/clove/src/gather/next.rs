//! What to do next: each action with its evidence, its reach and what it may bring.

use clove_measure::actions::{Action as Found, ArithmeticLine};

use super::Measured;
use crate::report::Action;

/// The actions, most valuable first.
pub fn actions(measured: &Measured<'_>, files: &str) -> Vec<Action> {
    measured.actions.actions.iter().map(|found| action(measured, found, files)).collect()
}

fn action(measured: &Measured<'_>, found: &Found, files: &str) -> Action {
    let assumed: Vec<String> = found.arithmetic.iter().filter(|line| line.source == "assumed").map(words).collect();
    let value_note = if assumed.is_empty() {
        "less cost, from what was measured".to_owned()
    } else {
        format!("less cost, if: {}", assumed.join("; "))
    };
    Action {
        title: found.title.clone(),
        reason: found.reason.clone(),
        reach: Some(found.reach),
        value: Some(measured.major(found.net.minor)),
        value_note,
        command: Some(format!("clove actions {files}")),
    }
}

/// An assumption as a few words.
fn words(line: &ArithmeticLine) -> String {
    match line.unit {
        "share" => format!("{:.0} in 100 {}", line.value * 100.0, line.label.trim_start_matches("of them ")),
        _ => format!("{} {}", line.label, line.value),
    }
}
