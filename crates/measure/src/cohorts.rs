//! Cohorts: what customers acquired together are worth at each age, and how many of them come back.
//!
//! A customer's cohort is the local month of the first order that counts, or an attribute of that order (first product,
//! discount code, channel). It does not move when that order is refunded later.

use std::collections::BTreeMap;

use clove_core::{Basis, Day, Minor, RefundDate};
use serde::Serialize;

use crate::answer::{MoneyPer, Rate};
use crate::ledger::{Customer, Ledger};
use crate::spend::Spend;

/// The 97.5 % quantile of the normal distribution.
const NORMAL_95: f64 = 1.959_963_984_540_054;

/// What the cohorts are called by that have no value of the attribute.
pub const NO_VALUE: &str = "(none)";

/// What customers are grouped by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CohortBy {
    /// The local month of the first order.
    Month,
    /// The product of the first order; with several lines the one of highest value.
    FirstProduct,
    /// An attribute of the first order, such as `channel` or `discount_code`.
    Attribute(String),
}

/// What the periods of retention are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Grain {
    /// Calendar month k after the month of the first order.
    #[default]
    Calendar,
    /// Days 30k to 30k + 29 after the first order.
    Age,
}

/// What to compute.
#[derive(Debug, Clone, PartialEq)]
pub struct CohortOptions {
    /// What customers are grouped by.
    pub by: CohortBy,
    /// The value basis.
    pub basis: Basis,
    /// The day on which refunds lower value.
    pub refund_date: RefundDate,
    /// Ages in days at which value is told.
    pub ages: Vec<i32>,
    /// The periods of retention.
    pub grain: Grain,
}

impl Default for CohortOptions {
    fn default() -> Self {
        CohortOptions {
            by: CohortBy::Month,
            basis: Basis::Net,
            refund_date: RefundDate::Order,
            ages: vec![0, 30, 60, 90, 180, 365],
            grain: Grain::Calendar,
        }
    }
}

/// All cohorts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cohorts {
    /// The last day that counts.
    pub as_of: String,
    /// The currency of all amounts.
    pub currency: String,
    /// The value basis.
    pub basis: &'static str,
    /// The day on which refunds lower value.
    pub refund_date: String,
    /// What customers are grouped by.
    pub by: String,
    /// `calendar` or `age`.
    pub grain: &'static str,
    /// Identified customers of all.
    pub identified_share: Rate,
    /// The ages of the cells.
    pub ages: Vec<i32>,
    /// The cohorts, ascending by name.
    pub cohorts: Vec<Cohort>,
    /// Per age, all cohorts that are complete at it, pooled.
    pub pooled: Vec<LtvCell>,
    /// Value with known costs of all value, for margin and contribution; null for other bases.
    pub cost_coverage: Option<f64>,
}

/// One cohort.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cohort {
    /// Its month or attribute value.
    pub cohort: String,
    /// Its size.
    pub customers: u64,
    /// Members with a handle.
    pub identified: u64,
    /// Whether it is too small to be ranked or called a driver.
    pub small: bool,
    /// All sales and marketing cost per new customer; null without spend data for this cohort.
    pub cac: Option<MoneyPer>,
    /// Value per member at each age.
    pub ltv: Vec<LtvCell>,
    /// Members who came back in each period.
    pub retention: Vec<RetentionCell>,
}

/// Value per cohort member up to an age.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LtvCell {
    /// Days since the first order.
    pub age: i32,
    /// Whether every member reached the age; if not, the value will still grow.
    pub complete: bool,
    /// Whether orders in it are so young that some may still come back.
    pub provisional: bool,
    /// Value per member.
    pub ltv: MoneyPer,
    /// Value over acquisition cost.
    pub ltv_to_cac: Option<f64>,
    /// Value over that of all cohorts; null by month, in cells that are not complete, and in cohorts that are too small.
    pub lift: Option<Lift>,
}

/// How a cohort's value compares with that of all cohorts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Lift {
    /// Value per member over value per customer of all complete cohorts.
    pub value: f64,
    /// Lower end of the 95 % interval of the mean of the cohort.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Lift {
    /// The lift of a mean with its standard error over the mean of all.
    fn new(mean: f64, standard_error: f64, of_all: f64) -> Option<Lift> {
        let margin = NORMAL_95 * standard_error;
        (of_all > 0.0).then(|| Lift {
            value: mean / of_all,
            low: (mean - margin) / of_all,
            high: (mean + margin) / of_all,
        })
    }
}

/// Members who bought in a period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RetentionCell {
    /// The period: 0 is the one of the first order, which is itself left out.
    pub period: i32,
    /// Whether the period is over for every member.
    pub complete: bool,
    /// Members with a purchase in it.
    pub retained: Rate,
    /// Members with a purchase in it or in a period before it.
    pub returned_by: Rate,
}

struct Group {
    members: Vec<Customer>,
}

/// Computes all cohorts.
///
/// # Errors
/// If the shop's data has no such attribute; the message lists those that it has.
pub fn cohorts(ledger: &Ledger<'_>, options: &CohortOptions) -> Result<Cohorts, String> {
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    let key = CohortKey::new(ledger, &options.by)?;
    for customer in ledger.customers() {
        groups.entry(key.of(customer)).or_insert_with(|| Group { members: Vec::new() }).members.push(*customer);
    }
    let mut ages = options.ages.clone();
    ages.sort_unstable();
    ages.dedup();
    let spend = Spend::new(ledger);
    let young_from = Day(ledger.as_of().0 - ledger.return_delay_days() + 1);
    let mut pooled = vec![(0_i64, 0_u64, false); ages.len()];
    let (mut with_cost, mut orders) = (0_u64, 0_u64);
    let mut result = Vec::with_capacity(groups.len());
    let mut squares = Vec::with_capacity(groups.len());
    for (name, group) in groups {
        let values = values_by_age(ledger, &group.members, options, &ages, young_from);
        with_cost += values.known;
        orders += values.orders;
        let cost = match &options.by {
            CohortBy::Month => spend.of_month(&name),
            CohortBy::Attribute(attribute) if attribute == "channel" => spend.of_channel(&name),
            _ => None,
        };
        let size = group.members.len() as u64;
        let cac = cost.map(|cost| MoneyPer::new(Some(cost), size, ledger.currency()));
        let youngest = group.members.iter().map(|member| ledger.as_of().since(member.first_day)).min().unwrap_or(0);
        let unknown = values.known == 0;
        let ltv: Vec<LtvCell> = ages
            .iter()
            .zip(&values.cells)
            .zip(&mut pooled)
            .map(|((&age, &(value, provisional)), pool)| {
                let complete = youngest >= age;
                if complete {
                    *pool = (pool.0 + value, pool.1 + size, pool.2 || provisional);
                }
                ltv_cell(ledger, age, complete, provisional, (!unknown).then_some(value), size, cac.as_ref())
            })
            .collect();
        squares.push(values.squares);
        result.push(Cohort {
            retention: retention(ledger, &group.members, options.grain),
            cohort: name,
            customers: size,
            identified: group.members.iter().filter(|member| member.identified).count() as u64,
            small: size < crate::answer::SMALL_N,
            cac,
            ltv,
        });
    }
    let unknown = with_cost == 0;
    if options.by != CohortBy::Month && !unknown {
        for (cohort, squares) in result.iter_mut().zip(&squares) {
            add_lifts(cohort, squares, &pooled);
        }
    }
    Ok(Cohorts {
        as_of: ledger.as_of().to_string(),
        currency: ledger.currency().code().to_owned(),
        basis: options.basis.name(),
        refund_date: options.refund_date.to_string(),
        by: key.name(),
        grain: match options.grain {
            Grain::Calendar => "calendar",
            Grain::Age => "age",
        },
        identified_share: ledger.identified_share(),
        pooled: ages
            .iter()
            .zip(pooled)
            .map(|(&age, (value, size, provisional))| {
                ltv_cell(ledger, age, true, provisional, (!unknown).then_some(value), size, None)
            })
            .collect(),
        ages,
        cohorts: result,
        cost_coverage: (options.basis.needs_costs() && orders > 0).then(|| with_cost as f64 / orders as f64),
    })
}

fn ltv_cell(
    ledger: &Ledger<'_>,
    age: i32,
    complete: bool,
    provisional: bool,
    value: Option<Minor>,
    size: u64,
    cac: Option<&MoneyPer>,
) -> LtvCell {
    let ltv = MoneyPer::new(value, size, ledger.currency());
    let cost = cac.and_then(MoneyPer::as_f64).filter(|&cost| cost > 0.0);
    let ltv_to_cac = ltv.as_f64().zip(cost).map(|(value, cost)| value / cost);
    LtvCell { age, complete, provisional, ltv, ltv_to_cac, lift: None }
}

/// Compares the complete cells of a cohort that is large enough with those of all cohorts.
fn add_lifts(cohort: &mut Cohort, squares: &[f64], pooled: &[(Minor, u64, bool)]) {
    let n = cohort.customers as f64;
    for ((cell, &squares), &(value, size, _)) in cohort.ltv.iter_mut().zip(squares).zip(pooled) {
        let sum = cell.ltv.numerator.filter(|_| cell.complete && !cohort.small);
        cell.lift = sum.and_then(|sum| {
            let mean = sum.minor as f64 / n;
            let variance = ((squares - n * mean * mean) / (n - 1.0)).max(0.0);
            Lift::new(mean, (variance / n).sqrt(), value as f64 / size as f64)
        });
    }
}

struct AgeValues {
    /// Value up to each age, and whether young orders are in it.
    cells: Vec<(Minor, bool)>,
    /// Sum over members of the square of their value up to each age.
    squares: Vec<f64>,
    known: u64,
    orders: u64,
}

fn values_by_age(
    ledger: &Ledger<'_>,
    members: &[Customer],
    options: &CohortOptions,
    ages: &[i32],
    young_from: Day,
) -> AgeValues {
    let mut result =
        AgeValues { cells: vec![(0, false); ages.len()], squares: vec![0.0; ages.len()], known: 0, orders: 0 };
    let mut own = vec![0; ages.len()];
    for member in members {
        own.fill(0);
        ledger.movements(member, options.basis, options.refund_date, |movement| {
            result.orders += u64::from(!movement.is_refund);
            let Some(value) = movement.value else { return };
            result.known += u64::from(!movement.is_refund);
            let age = movement.day.since(member.first_day);
            // Ages ascend: the first one that the movement lies within takes it, later ones by the running sums below.
            let first_age = ages.partition_point(|&limit| limit < age);
            if let Some(cell) = result.cells.get_mut(first_age) {
                cell.0 += value;
                cell.1 |= movement.day >= young_from;
                own[first_age] += value;
            }
        });
        let mut running = 0;
        for (square, value) in result.squares.iter_mut().zip(&own) {
            running += value;
            *square += running as f64 * running as f64;
        }
    }
    for index in 1..result.cells.len() {
        let before = result.cells[index - 1];
        result.cells[index].0 += before.0;
        result.cells[index].1 |= before.1;
    }
    result
}

fn retention(ledger: &Ledger<'_>, members: &[Customer], grain: Grain) -> Vec<RetentionCell> {
    let as_of = ledger.as_of();
    let period_of = |member: &Customer, day: Day| match grain {
        Grain::Calendar => day.month().0 - member.first_day.month().0,
        Grain::Age => day.since(member.first_day) / 30,
    };
    let is_over = |member: &Customer, period: i32| match grain {
        Grain::Calendar => clove_core::Month(member.first_day.month().0 + period).last_day() <= as_of,
        Grain::Age => as_of.since(member.first_day) >= 30 * period + 29,
    };
    let last = members.iter().map(|member| period_of(member, as_of)).max().unwrap_or(-1);
    let mut retained = vec![0_u64; (last + 1) as usize];
    let mut first_return = retained.clone();
    for member in members {
        let first_order = ledger.orders_of(member)[0];
        let mut before = None;
        for order in ledger.purchases_of(member).filter(|&order| order != first_order) {
            let period = period_of(member, ledger.day(order));
            if before.is_none() {
                first_return[period as usize] += 1;
            }
            if before != Some(period) {
                retained[period as usize] += 1;
                before = Some(period);
            }
        }
    }
    let size = members.len() as u64;
    let mut returned = 0;
    (0..=last)
        .map(|period| {
            returned += first_return[period as usize];
            RetentionCell {
                period,
                complete: members.iter().all(|member| is_over(member, period)),
                retained: Rate::new(retained[period as usize], size),
                returned_by: Rate::new(returned, size),
            }
        })
        .collect()
}

/// Names the cohort of a customer.
pub(crate) struct CohortKey<'l, 'a> {
    ledger: &'l Ledger<'a>,
    source: KeySource<'a>,
}

enum KeySource<'a> {
    Month,
    Attribute(&'a clove_core::Attribute),
    /// The most valuable product of each order by its lines, by order number.
    Lines(Vec<Option<u32>>),
}

impl<'l, 'a> CohortKey<'l, 'a> {
    pub(crate) fn new(ledger: &'l Ledger<'a>, by: &CohortBy) -> Result<Self, String> {
        let orders = &ledger.shop().orders;
        let attribute = |name: &str| orders.attributes.iter().find(|attribute| attribute.name == name);
        let source = match by {
            CohortBy::Month => KeySource::Month,
            CohortBy::FirstProduct => match attribute("first_product").or_else(|| attribute("product")) {
                Some(attribute) => KeySource::Attribute(attribute),
                None if ledger.shop().lines.is_some() => KeySource::Lines(main_products(ledger)),
                None => {
                    return Err(format!(
                        "the files name no products: neither order lines nor a product column; {}",
                        groupings(ledger.shop())
                    ));
                }
            },
            CohortBy::Attribute(name) => KeySource::Attribute(
                attribute(name)
                    .ok_or_else(|| format!("the files have no column '{name}'; {}", groupings(ledger.shop())))?,
            ),
        };
        Ok(CohortKey { ledger, source })
    }

    pub(crate) fn of(&self, customer: &Customer) -> String {
        let first = self.ledger.orders_of(customer)[0];
        let name = match &self.source {
            KeySource::Month => return customer.first_day.month().to_string(),
            KeySource::Attribute(attribute) => attribute.value(first as usize),
            KeySource::Lines(products) => products[first as usize]
                .and_then(|product| self.ledger.shop().lines.as_ref().map(|lines| lines.products.get(product))),
        };
        name.unwrap_or(NO_VALUE).to_owned()
    }

    fn name(&self) -> String {
        match &self.source {
            KeySource::Month => "month".to_owned(),
            KeySource::Attribute(attribute) => attribute.name.clone(),
            KeySource::Lines(_) => "first_product".to_owned(),
        }
    }
}

/// What the customers of a shop can be grouped by, in words.
pub fn groupings(shop: &clove_core::ShopData) -> String {
    let columns = shop.orders.attributes.iter().map(|attribute| attribute.name.as_str());
    let known: Vec<&str> = std::iter::once("cohort").chain(columns).collect();
    format!("they can be grouped by {}", known.join(", "))
}

/// The product of highest value per order; of equal ones the first by name.
fn main_products(ledger: &Ledger<'_>) -> Vec<Option<u32>> {
    let mut best: Vec<Option<(Minor, u32)>> = vec![None; ledger.shop().orders.len()];
    if let Some(lines) = &ledger.shop().lines {
        for line in (0..lines.order.len()).filter(|&line| lines.quantity[line] > 0) {
            let candidate = (lines.gross[line], lines.product[line]);
            let slot = &mut best[lines.order[line] as usize];
            let better = slot.is_none_or(|(value, product)| {
                candidate.0 > value
                    || candidate.0 == value && lines.products.get(candidate.1) < lines.products.get(product)
            });
            if better {
                *slot = Some(candidate);
            }
        }
    }
    best.into_iter().map(|best| best.map(|(_, product)| product)).collect()
}
