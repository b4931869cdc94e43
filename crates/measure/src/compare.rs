//! Another system's figures of the same customers beside ours.

use clove_connect::CustomerTable;
use clove_core::{NONE, Orders, Persons};
use clove_models::accuracy;
use rustc_hash::FxHashMap;

use crate::value::CustomerValues;

/// A figure that both sides have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Number of orders.
    Orders,
    /// Repeat purchase days.
    Frequency,
    /// Days from first to last purchase.
    RecencyDays,
    /// Days from first purchase to the as-of day.
    AgeDays,
    /// Value so far, major units.
    Value,
    /// Value expected in the horizon, major units.
    PredictedValue,
    /// Purchases expected in the horizon.
    PredictedOrders,
}

impl Figure {
    /// Every figure.
    pub const ALL: [Figure; 7] = [
        Figure::Orders,
        Figure::Frequency,
        Figure::RecencyDays,
        Figure::AgeDays,
        Figure::Value,
        Figure::PredictedValue,
        Figure::PredictedOrders,
    ];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Figure::Orders => "orders",
            Figure::Frequency => "frequency",
            Figure::RecencyDays => "recency_days",
            Figure::AgeDays => "age_days",
            Figure::Value => "value",
            Figure::PredictedValue => "predicted_value",
            Figure::PredictedOrders => "predicted_orders",
        }
    }
}

/// One customer on both sides.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The other system's name of the customer.
    pub customer: String,
    /// Per figure: theirs and ours, where each has it.
    pub figures: [(Option<f64>, Option<f64>); 7],
}

/// How well one figure agrees over the customers that both sides know it of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// The figure.
    pub figure: Figure,
    /// Customers compared.
    pub n: usize,
    /// Sum of theirs.
    pub theirs: f64,
    /// Sum of ours.
    pub ours: f64,
    /// Customers with equal figures (to half a unit in the second decimal).
    pub equal: usize,
    /// Mean absolute difference.
    pub mean_absolute_difference: f64,
    /// Spearman's rank correlation; `None` where one side does not vary.
    pub spearman: Option<f64>,
}

/// The comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Customers of the other system.
    pub customers: usize,
    /// Those found among ours.
    pub matched: usize,
    /// One pair per matched customer.
    pub pairs: Vec<Pair>,
    /// One line per figure that both sides have.
    pub agreements: Vec<Agreement>,
}

/// The unit of time, of those given in days, in which the other side's times agree best with ours: by the median of our days over
/// their number, of recencies, which do not depend on the as-of day, or else of ages.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitGuess {
    /// Position in the units given.
    pub unit: usize,
    /// Median of our days per one of their units.
    pub days: f64,
    /// Customers with times on both sides.
    pub customers: usize,
}

/// Guesses the unit of the other side's recency and age; `None` if no customer has times on both sides.
pub fn guess_unit(theirs: &CustomerTable, values: &CustomerValues<'_>, unit_days: &[f64]) -> Option<UnitGuess> {
    let pairs = compare(theirs, values, 1.0).pairs;
    let ratios = |figure: Figure| {
        let position = Figure::ALL.iter().position(|one| *one == figure)?;
        let mut ratios: Vec<f64> = pairs
            .iter()
            .filter_map(|pair| pair.figures[position].0.zip(pair.figures[position].1))
            .filter(|(theirs, ours)| *theirs > 0.0 && *ours > 0.0)
            .map(|(theirs, ours)| ours / theirs)
            .collect();
        ratios.sort_unstable_by(f64::total_cmp);
        ratios.get(ratios.len() / 2).map(|median| (*median, ratios.len()))
    };
    let (days, customers) = ratios(Figure::RecencyDays).or_else(|| ratios(Figure::AgeDays))?;
    let distance = |unit: f64| (unit / days).ln().abs();
    let unit = (0..unit_days.len()).min_by(|&i, &j| distance(unit_days[i]).total_cmp(&distance(unit_days[j])))?;
    Some(UnitGuess { unit, days, customers })
}

/// Whether a table says anything that can be compared. A file of orders has customers, too, but none of the figures.
pub fn has_figures(theirs: &CustomerTable) -> bool {
    [
        &theirs.orders,
        &theirs.frequency,
        &theirs.recency,
        &theirs.age,
        &theirs.historic_value,
        &theirs.predicted_value,
        &theirs.predicted_orders,
    ]
    .into_iter()
    .any(|column| column.iter().any(Option::is_some))
}

/// Compares. `unit_days` is the unit of the other side's recency and age.
pub fn compare(theirs: &CustomerTable, values: &CustomerValues<'_>, unit_days: f64) -> Comparison {
    let index_of = person_index(values);
    let find = Finder::new(&values.shop.orders, values.persons);
    let mut pairs = Vec::new();
    for row in 0..theirs.len() {
        let text = |column: &[Option<String>]| column.get(row).cloned().flatten();
        let handles = [text(&theirs.customer_id), text(&theirs.email), text(&theirs.phone)];
        let Some(index) = find.person(&handles).and_then(|person| index_of[person as usize]) else { continue };
        let number = |column: &[Option<f64>]| column.get(row).copied().flatten();
        let history = values.history(index as usize);
        let prediction = values.prediction_from(index as usize, &history);
        let currency = values.currency;
        let days = |value: Option<f64>| value.map(|value| value * unit_days);
        let as_of = values.options.counting.as_of;
        let customer = handles.into_iter().flatten().next().unwrap_or_default();
        pairs.push(Pair {
            customer,
            figures: [
                (number(&theirs.orders), Some(f64::from(history.orders))),
                (number(&theirs.frequency), Some(f64::from(history.frequency()))),
                (days(number(&theirs.recency)), Some(f64::from(history.recency_days()))),
                (days(number(&theirs.age)), Some(f64::from(history.age_days(as_of)))),
                (number(&theirs.historic_value), Some(currency.to_major(history.value))),
                (
                    number(&theirs.predicted_value),
                    prediction.and_then(|one| one.value).map(|value| value / currency.minor_per_major() as f64),
                ),
                (number(&theirs.predicted_orders), prediction.map(|one| one.expected_purchases)),
            ],
        });
    }
    let agreements = (0..Figure::ALL.len()).filter_map(|position| agreement(&pairs, position)).collect();
    Comparison { customers: theirs.len(), matched: pairs.len(), pairs, agreements }
}

fn agreement(pairs: &[Pair], position: usize) -> Option<Agreement> {
    let (theirs, ours): (Vec<f64>, Vec<f64>) =
        pairs.iter().filter_map(|pair| pair.figures[position].0.zip(pair.figures[position].1)).unzip();
    if theirs.is_empty() {
        return None;
    }
    let differences = || theirs.iter().zip(&ours).map(|(theirs, ours)| (theirs - ours).abs());
    Some(Agreement {
        figure: Figure::ALL[position],
        n: theirs.len(),
        theirs: theirs.iter().sum(),
        ours: ours.iter().sum(),
        equal: differences().filter(|difference| *difference < 0.005).count(),
        mean_absolute_difference: differences().sum::<f64>() / theirs.len() as f64,
        spearman: accuracy::spearman(&theirs, &ours),
    })
}

fn person_index(values: &CustomerValues<'_>) -> Vec<Option<u32>> {
    let mut index_of = vec![None; values.persons.len()];
    for (index, &person) in values.customers().iter().enumerate() {
        index_of[person as usize] = Some(index as u32);
    }
    index_of
}

/// Persons by their handles.
struct Finder<'a> {
    by_customer: FxHashMap<&'a str, u32>,
    by_email: FxHashMap<&'a str, u32>,
    by_phone: FxHashMap<&'a str, u32>,
    /// Length of the first customer id.
    width: usize,
}

impl<'a> Finder<'a> {
    fn new(orders: &'a Orders, persons: &Persons) -> Finder<'a> {
        let table = |column: &[u32], names: &'a clove_core::Names| {
            let known = column.iter().zip(&persons.of_order).filter(|(number, _)| **number != NONE);
            known.map(|(&number, &person)| (names.get(number), person)).collect()
        };
        Finder {
            by_customer: table(&orders.customer_id, &orders.customer_ids),
            by_email: table(&orders.email, &orders.emails),
            by_phone: table(&orders.phone, &orders.phones),
            width: orders.customer_ids.iter().next().map_or(0, str::len),
        }
    }

    /// The person with one of these handles: customer id, e-mail, phone.
    fn person(&self, [customer, email, phone]: &[Option<String>; 3]) -> Option<u32> {
        let look = |text: &Option<String>, table: &FxHashMap<&str, u32>| table.get(text.as_deref()?).copied();
        // Summaries often write ids without the leading zeros that the orders have.
        let padded = customer.as_ref().and_then(|id| {
            let width = self.width;
            (id.len() < width && id.bytes().all(|byte| byte.is_ascii_digit())).then(|| format!("{id:0>width$}"))
        });
        look(customer, &self.by_customer)
            .or_else(|| look(&padded, &self.by_customer))
            .or_else(|| look(email, &self.by_email))
            .or_else(|| look(phone, &self.by_phone))
    }
}
