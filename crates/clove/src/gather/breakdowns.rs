//! Segments and tables by a column of the data.

use std::collections::BTreeMap;

use clove_core::Basis;
use clove_measure::cohorts::{CohortBy, CohortOptions, Grain, cohorts};

use super::Measured;
use crate::report::{Breakdown, BreakdownRow, Figure, Segment};

/// Rows of a breakdown, the largest groups.
const ROWS: usize = 10;
/// Customers below which a group is not compared.
const COMPARABLE: u64 = 30;

/// The named segments with their value so far and expected.
pub fn segments(measured: &Measured<'_>) -> Vec<Segment> {
    let predicted: BTreeMap<u32, f64> = (0..measured.values.customers().len())
        .filter_map(|index| Some((measured.values.customers()[index], measured.values.prediction(index)?.value?)))
        .collect();
    let all = measured.segments.n.max(1) as f64;
    let all_value: f64 = measured.segments.members.iter().map(|member| member.net as f64).sum();
    measured
        .segments
        .segments
        .iter()
        .map(|answer| {
            let share = answer.share.as_ref().filter(|_| answer.available);
            let customers = share.map(|share| share.numerator);
            let members = measured
                .segments
                .members
                .iter()
                .filter(|member| member.segments.iter().any(|one| one.name() == answer.segment));
            let expected: Vec<f64> = members.filter_map(|member| predicted.get(&member.person).copied()).collect();
            Segment {
                name: capitalised(answer.segment),
                rule: answer.rule.clone(),
                customers,
                customer_share: customers.map(|count| count as f64 / all),
                value_share: answer.value.filter(|_| all_value > 0.0).map(|value| value.minor as f64 / all_value),
                value: answer.value_per_customer.as_ref().and_then(clove_measure::answer::MoneyPer::as_f64),
                predicted: (!expected.is_empty())
                    .then(|| measured.major_of(expected.iter().sum::<f64>() / expected.len() as f64)),
            }
        })
        .collect()
}

fn capitalised(name: &str) -> String {
    let words = match name {
        "vip" => return "VIP".to_owned(),
        "high_aov" => "high average order".to_owned(),
        _ => name.replace(['_', '-'], " "),
    };
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Value by channel and by first product, where the data have them.
pub fn breakdowns(measured: &Measured<'_>) -> Vec<Breakdown> {
    let channel = measured.values.shop.orders.attribute("channel").map(|_| CohortBy::Attribute("channel".to_owned()));
    let mut tables = Vec::new();
    if let Some(by) = channel {
        tables.extend(breakdown(measured, &by, "Customers by channel", "Channel", true));
    }
    tables.extend(breakdown(measured, &CohortBy::FirstProduct, "Customers by first product", "First product", false));
    tables
}

fn breakdown(measured: &Measured<'_>, by: &CohortBy, title: &str, heading: &str, with_cost: bool) -> Option<Breakdown> {
    let counting = measured.values.options.counting;
    let of = |basis: Basis| {
        let options = CohortOptions {
            by: by.clone(),
            basis,
            refund_date: counting.refund_date,
            ages: vec![90, 365],
            grain: Grain::Age,
        };
        // The files may lack the column: then there is no such table.
        cohorts(&measured.ledger, &options).ok()
    };
    let answer = of(counting.basis)?;
    let costs: BTreeMap<&str, f64> = measured
        .payback
        .iter()
        .flat_map(|payback| &payback.channels)
        .filter_map(|row| Some((row.channel.as_deref()?, row.paid_cac.as_ref()?.as_f64()?)))
        .collect();
    let with_cost = with_cost && !costs.is_empty();
    let mut groups: Vec<_> = answer.cohorts.iter().filter(|group| group.customers >= COMPARABLE).collect();
    groups.sort_by(|a, b| b.customers.cmp(&a.customers).then_with(|| a.cohort.cmp(&b.cohort)));
    groups.truncate(ROWS);
    if groups.len() < 2 {
        return None;
    }
    let rows = groups
        .into_iter()
        .map(|group| {
            let value = |age: i32| group.ltv.iter().find(|cell| cell.age == age).and_then(|cell| cell.ltv.as_f64());
            let money = |value: Option<f64>| value.map_or(Figure::Unknown, Figure::Money);
            let mut figures = vec![money(value(90)), money(value(365))];
            if with_cost {
                let cost = costs.get(group.cohort.as_str()).copied().filter(|cost| *cost > 0.0);
                let ratio = value(90).zip(cost).map(|(value, cost)| value / cost);
                figures.extend([money(cost), ratio.map_or(Figure::Unknown, Figure::Ratio)]);
            }
            BreakdownRow { name: group.cohort.clone(), customers: group.customers, figures }
        })
        .collect();
    let mut columns = vec!["Value, 90 days", "Value, 365 days"];
    if with_cost {
        columns.extend(["Cost of winning one", "Value to cost"]);
    }
    Some(Breakdown {
        title: title.to_owned(),
        explanation: format!(
            "{} value per customer until 90 and 365 days after the first order. It goes with the {}, it need not be caused by it; younger customers have not reached both ages yet.",
            capitalised(answer.basis),
            heading.to_lowercase()
        ),
        by: heading.to_owned(),
        columns: columns.into_iter().map(str::to_owned).collect(),
        rows,
    })
}
