//! Totals over all customers and over groups of them.

use clove_core::{Minor, NONE, Names};

use super::simulate::{TotalInterval, total_intervals};
use super::{CustomerValues, Status};

/// How customers are grouped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupBy {
    /// All in one.
    Everyone,
    /// By the calendar month of their first order.
    Cohort,
    /// By an attribute of their first order.
    Attribute(String),
}

/// Totals of a group of customers. Amounts are minor units on the basis asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupTotals {
    /// The group's name; `all` for everyone.
    pub name: String,
    /// Customers with at least one order.
    pub customers: u64,
    /// Those of them who are identified.
    pub identified: u64,
    /// Those of them who are forecast.
    pub predicted_customers: u64,
    /// Orders that count.
    pub orders: u64,
    /// Value over the whole history.
    pub value: Minor,
    /// Value in the last 12 months.
    pub value_12_months: Minor,
    /// Value in the last 24 months.
    pub value_24_months: Minor,
    /// Expected purchases in the horizon.
    pub expected_purchases: Option<f64>,
    /// Expected value in the horizon.
    pub predicted_value: Option<f64>,
    /// Intervals of the predicted value.
    pub interval: Option<TotalInterval>,
}

/// The group of each customer and the groups' names.
pub fn group_customers(values: &CustomerValues<'_>, by: &GroupBy) -> Result<(Vec<u32>, Vec<String>), String> {
    let first_order = |index: usize| values.history(index).first_order_index as usize;
    let count = values.orders.len();
    match by {
        GroupBy::Everyone => Ok((vec![0; count], vec!["all".to_owned()])),
        GroupBy::Cohort => {
            let mut names = Names::new();
            let month = |index: usize| clove_core::Day(values.history(index).first_order).month().to_string();
            let set_of = (0..count).map(|index| names.intern(&month(index))).collect();
            Ok((set_of, names.iter().map(str::to_owned).collect()))
        }
        GroupBy::Attribute(name) => {
            let attribute = values.shop.orders.attribute(name).ok_or_else(|| {
                let known: Vec<&str> = values.shop.orders.attributes.iter().map(|known| known.name.as_str()).collect();
                format!(
                    "the files have no column '{name}'; they can be grouped by {}",
                    ["cohort"].into_iter().chain(known).collect::<Vec<_>>().join(", ")
                )
            })?;
            let mut names = Names::new();
            let set_of =
                (0..count).map(|index| names.intern(attribute.value(first_order(index)).unwrap_or("(none)"))).collect();
            Ok((set_of, names.iter().map(str::to_owned).collect()))
        }
    }
}

/// Totals of each group, in the order of their names.
pub fn totals_by(values: &CustomerValues<'_>, by: &GroupBy) -> Result<Vec<GroupTotals>, String> {
    let (set_of, names) = group_customers(values, by)?;
    let mut groups: Vec<GroupTotals> = names.into_iter().map(empty).collect();
    for (index, &set) in set_of.iter().enumerate() {
        if set == NONE {
            continue;
        }
        let history = values.history(index);
        let group = &mut groups[set as usize];
        group.customers += 1;
        group.identified += u64::from(values.statuses[index] != Status::Guest);
        group.orders += u64::from(history.orders);
        group.value += history.value;
        group.value_12_months += history.value_12_months;
        group.value_24_months += history.value_24_months;
        if let Some(prediction) = values.prediction_from(index, &history) {
            group.predicted_customers += 1;
            *group.expected_purchases.get_or_insert(0.0) += prediction.expected_purchases;
            if let Some(value) = prediction.value {
                *group.predicted_value.get_or_insert(0.0) += value;
            }
        }
    }
    let intervals = total_intervals(values, &set_of, groups.len());
    for (group, interval) in groups.iter_mut().zip(intervals) {
        group.interval = interval;
    }
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(groups)
}

fn empty(name: String) -> GroupTotals {
    GroupTotals {
        name,
        customers: 0,
        identified: 0,
        predicted_customers: 0,
        orders: 0,
        value: 0,
        value_12_months: 0,
        value_24_months: 0,
        expected_purchases: None,
        predicted_value: None,
        interval: None,
    }
}
