//! What was read, what was left out, and how every figure is defined.

use super::data::{Definition, Health};
use super::html::{Column, escape, run, strong, table, user};
use super::{Context, Part};

/// Below this share of identified orders the report warns.
const IDENTIFIED_ENOUGH: f64 = 0.8;

/// The section on the data.
pub(super) fn part(context: &Context<'_>, health: &Health) -> Part {
    let format = &context.format;
    let count = |count: u64| run(&format.count(count));
    let left_out: u64 = health.excluded.iter().map(|excluded| excluded.count).sum();
    let summary = format!(
        "{} rows read; {} orders of {} customers count. {} were left out on purpose, {} rows could not be read.",
        count(health.rows),
        strong(&format.count(health.orders)),
        strong(&format.count(health.customers)),
        count(left_out),
        count(health.rejected)
    );
    let mut body = String::new();
    if !health.warnings.is_empty() {
        let items: String = health.warnings.iter().map(|warning| format!("<li>{}</li>", escape(warning))).collect();
        body += &format!("<div class=\"notice\"><ul>{items}</ul></div>\n");
    }
    if health.excluded.is_empty() {
        body += "<p>Nothing was left out.</p>\n";
    } else {
        let headings = [("Left out", Column::Words), ("Number", Column::Numbers), (format.currency(), Column::Numbers)];
        let rows: Vec<Vec<String>> = health
            .excluded
            .iter()
            .map(|excluded| {
                vec![user(&excluded.reason), count(excluded.count), run(&format.amount(excluded.amount, 2))]
            })
            .collect();
        body += &table("What is not in the figures", &headings, &rows);
    }
    if health.guests > 0 {
        body += &format!(
            "<p class=\"small\">{} orders came from guests without e-mail, phone or account: they count for sales, but \
             nobody can tell whether they came back.</p>\n",
            count(health.guests)
        );
    }
    Part::new("health", "Data health", "What was left out", &summary, &body)
}

/// The section on definitions.
pub(super) fn definitions(context: &Context<'_>, definitions: &[Definition]) -> Option<Part> {
    let (format, ground) = (&context.format, context.ground);
    let identified = ground
        .identified_share
        .map_or_else(String::new, |share| format!(" {} of the customers are known.", run(&format.percent(share, 1))));
    let discount = if ground.discount_rate == 0.0 {
        "not discounted".to_owned()
    } else {
        format!("discounted at {} a year", run(&format.percent(ground.discount_rate, 1)))
    };
    let amounts = if ground.without_amounts {
        "The files have no amounts: nothing is known of value.".to_owned()
    } else {
        format!("Amounts are {} in {}.", user(&ground.basis), run(&ground.currency))
    };
    let summary = format!(
        "{amounts} Days are counted in {} until {}. Predictions come from {}, look {} ahead and are {discount}.{identified}",
        run(&ground.time_zone),
        run(&ground.as_of),
        user(&ground.model),
        run(&format.days(f64::from(ground.horizon_days))),
    );
    if definitions.is_empty() && ground.as_of.is_empty() {
        return None;
    }
    let list: String = definitions
        .iter()
        .map(|definition| {
            format!("<dt>{}</dt><dd>{}</dd>\n", escape(&definition.figure), escape(&definition.definition))
        })
        .collect();
    let body = if list.is_empty() { String::new() } else { format!("<dl class=\"definitions\">\n{list}</dl>\n") };
    Some(Part::new("definitions", "Definitions", "How each figure is defined", &summary, &body))
}

/// What must be known before reading on: a model that could not be used, too many unknown customers.
pub(super) fn notice(context: &Context<'_>) -> String {
    let mut html = String::new();
    if let Some(gate) = &context.ground.gate {
        html += &format!("<p class=\"notice\">{}</p>\n", escape(gate));
    }
    if let Some(share) = context.ground.identified_share.filter(|&share| share < IDENTIFIED_ENOUGH) {
        html += &format!(
            "<p class=\"notice\">Only {} of the customers are known; figures about coming back cover those.</p>\n",
            run(&context.format.percent(share, 0))
        );
    }
    html
}
