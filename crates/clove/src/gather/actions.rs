//! What to do next: each action with its evidence, its reach and what it may bring.

use clove_measure::segments::Segment;
use clove_measure::value::Status;

use super::Measured;
use crate::report::Action;

/// Of hundred customers that a second-order action reaches, how many more are taken to come back. An assumption to size the
/// chance, named in the report.
const MORE_OF_HUNDRED: f64 = 5.0;

/// The actions, most valuable first; those without a value last.
pub fn actions(measured: &Measured<'_>, files: &str) -> Vec<Action> {
    let mut actions: Vec<Action> = [
        late_good_customers(measured, files),
        second_order(measured, files),
        losing_channel(measured, files),
        no_discount_for_full_price(measured, files),
    ]
    .into_iter()
    .flatten()
    .collect();
    actions.sort_by(|a, b| b.value.unwrap_or(-1.0).total_cmp(&a.value.unwrap_or(-1.0)));
    actions
}

fn late_good_customers(measured: &Measured<'_>, files: &str) -> Option<Action> {
    let headlines = &measured.headlines;
    (headlines.late_good_customers > 0).then(|| Action {
        title: "Write to the good customers who are late".to_owned(),
        reason: format!(
            "At risk by this shop’s own gaps between orders, and among the best quarter by value of the last 24 months{}.",
            headlines
                .good_from
                .map_or_else(String::new, |from| format!(" (from {} {})", from.currency.format(from.minor), from.currency))
        ),
        reach: Some(headlines.late_good_customers),
        value: headlines.value_at_risk.map(|amount| measured.major(amount.minor)),
        value_note: format!("value at risk in {} days", measured.values.options.horizon_days),
        command: Some(format!("clove clv {files} --format csv")),
    })
}

fn second_order(measured: &Measured<'_>, files: &str) -> Option<Action> {
    let values = measured.values;
    let waiting: Vec<usize> = (0..values.customers().len())
        .filter(|&index| values.statuses[index] == Status::Active && values.history(index).purchase_days == 1)
        .collect();
    if waiting.is_empty() {
        return None;
    }
    let spend: f64 = waiting.iter().filter_map(|&index| values.prediction(index)?.expected_spend).sum();
    let (active_days, _) = measured.segments.thresholds.lifecycle.thresholds().for_purchases(1);
    Some(Action {
        title: "Win the second order".to_owned(),
        reason: format!(
            "{} customers bought once and are still inside the usual gap of {active_days} days; after it few come back.",
            waiting.len()
        ),
        reach: Some(waiting.len() as u64),
        value: (spend > 0.0).then(|| measured.major_of(spend * MORE_OF_HUNDRED / 100.0)),
        value_note: format!("if {MORE_OF_HUNDRED:.0} in 100 of them come back once more than otherwise"),
        command: Some(format!("clove segments {files}")),
    })
}

fn losing_channel(measured: &Measured<'_>, files: &str) -> Option<Action> {
    let payback = measured.payback.as_ref()?;
    let worst = payback
        .channels
        .iter()
        .filter_map(|row| {
            let cost = row.paid_cac.as_ref().filter(|cost| !cost.small)?.as_f64()?;
            let (age, value) = row.curve.iter().rev().find(|(age, _)| *age <= 90).copied()?;
            (value < cost).then_some((row, cost, age, value))
        })
        .min_by(|a, b| (a.3 / a.1).total_cmp(&(b.3 / b.1)))?;
    let (row, cost, age, value) = worst;
    let currency = measured.currency();
    Some(Action {
        title: format!("Spend less on {}", row.channel.as_deref().unwrap_or("this channel")),
        reason: format!(
            "A customer from there costs {cost:.2} {currency} and brings {value:.2} {currency} ({}) in {age} days.",
            payback.basis
        ),
        reach: Some(row.new_customers),
        value: None,
        value_note: String::new(),
        command: Some(format!("clove payback {files} --spend SPEND")),
    })
}

fn no_discount_for_full_price(measured: &Measured<'_>, files: &str) -> Option<Action> {
    let name = Segment::FullPrice.name();
    let answer = measured.segments.segments.iter().find(|answer| answer.segment == name)?;
    let reach = answer.share.as_ref().map(|share| share.numerator).filter(|reach| *reach > 0)?;
    // Where nobody gets discounts there is nothing to stop.
    measured.kpis.discount_share_orders.value.filter(|share| *share > 0.0)?;
    Some(Action {
        title: "Send no discount codes to full-price buyers".to_owned(),
        reason: "They bought at least twice without any discount: a code would only lower the margin.".to_owned(),
        reach: Some(reach),
        value: None,
        value_note: String::new(),
        command: Some(format!("clove segments {files}")),
    })
}
