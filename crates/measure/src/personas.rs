//! Personas: customers who buy alike, found by k-means, each told by what sets it apart.
//!
//! Customers are points of five numbers: purchases and days since the last one and value per purchase (as logarithms), the share of
//! discounted purchases, the share of value returned; each in standard deviations of the shop, cut at three. How many groups there are,
//! three to six, is chosen by the Calinski-Harabasz index. Nothing is left to chance: the same shop gives the same personas.

use std::collections::HashMap;

use clove_core::{Table, Values};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Amount, MoneyPer, Rate};
use crate::ledger::Ledger;
use crate::segment::{CustomerFigures, Segmenter};
use clove_core::segment::FigureName;

/// Customers below which nothing is told.
const LEAST: usize = 60;
/// Customers that the groups are found of at most; all are assigned.
const SAMPLE: usize = 20_000;
const MOST_ROUNDS: usize = 60;
const SIZES: [usize; 4] = [3, 4, 5, 6];
/// From so many standard deviations on a mean sets a group apart.
const APART: f64 = 0.45;
/// Products that are named.
const MOST_PRODUCTS: usize = 5;

const FEATURES: usize = 5;
type Point = [f64; FEATURES];

/// The figures that customers are told apart by, with the words for high and low.
const NAMES: [(FigureName, &str, &str); FEATURES] = [
    (FigureName::Purchases, "buy often", "bought once or seldom"),
    (FigureName::DaysSinceLast, "were last here long ago", "were here lately"),
    (FigureName::Aov, "spend much at a time", "spend little at a time"),
    (FigureName::DiscountShare, "buy with discounts", "pay the full price"),
    (FigureName::ReturnShare, "send much back", "keep what they buy"),
];

/// What sets a persona apart.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PersonaTrait {
    /// The figure, as segments name it.
    #[schema(value_type = String, example = "discount_share")]
    pub figure: FigureName,
    /// `high` or `low`, beside the shop.
    pub direction: &'static str,
    /// The median of the persona's customers; money in major units.
    pub median: f64,
    /// The median of the shop's.
    pub usual: f64,
    /// Standard deviations between the means.
    pub deviations: f64,
    /// The same in words.
    pub words: &'static str,
}

/// A product that a persona buys.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PersonaProduct {
    /// The product.
    pub product: String,
    /// Customers of the persona who bought it.
    #[schema(value_type = Object)]
    pub customers: Rate,
    /// How many times as often as all customers.
    pub lift: f64,
}

/// Customers who buy alike.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Persona {
    /// What sets them apart, as a sentence.
    #[schema(example = "buy often, were here lately, pay the full price")]
    pub words: String,
    /// How many of the customers who are told.
    #[schema(value_type = Object)]
    pub customers: Rate,
    /// Value so far, net, per customer.
    #[schema(value_type = Object)]
    pub value_per_customer: MoneyPer,
    /// Value of the last 12 months, per customer.
    #[schema(value_type = Object)]
    pub clv_12m: MoneyPer,
    /// Share of all value so far.
    pub value_share: Option<f64>,
    /// What sets them apart, the most first.
    pub traits: Vec<PersonaTrait>,
    /// What they buy more than others, by how many of them bought it.
    pub products: Vec<PersonaProduct>,
}

/// The personas of a shop.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Personas {
    /// The last day that counts.
    pub as_of: String,
    /// The currency of amounts.
    pub currency: String,
    /// Identified customers with a purchase.
    pub n: u64,
    /// Those who bring most first; empty where there are too few customers, which `note` says.
    pub personas: Vec<Persona>,
    /// What to know.
    pub note: Option<&'static str>,
    /// The value of all of them so far; null if the files have no amounts.
    #[schema(value_type = Option<String>)]
    pub value: Option<Amount>,
}

/// Finds the personas as of the ledger's day.
pub fn personas(ledger: &Ledger<'_>) -> Personas {
    let segmenter = Segmenter::new(ledger);
    let figures = segmenter.figures();
    let as_of = ledger.as_of();
    let customers = ledger.customers();
    let told: Vec<usize> =
        (0..customers.len()).filter(|&at| customers[at].identified && figures[at].purchased.is_some()).collect();
    let all_value = told.iter().map(|&at| figures[at].value).sum();
    let has_amounts = ledger.shop().has_amounts;
    let mut answer = Personas {
        as_of: as_of.to_string(),
        currency: ledger.currency().code().to_owned(),
        n: told.len() as u64,
        personas: Vec::new(),
        note: None,
        value: has_amounts.then(|| Amount::new(all_value, ledger.currency())),
    };
    if told.len() < LEAST {
        answer.note = Some("fewer than 60 identified customers with a purchase: too few to tell personas apart");
        return answer;
    }
    let raw = |own: &CustomerFigures| NAMES.map(|(name, ..)| own.figure(name, as_of).unwrap_or(0.0));
    let values: Vec<Point> = told.iter().map(|&at| raw(&figures[at])).collect();
    let points = standardised(&values);
    let groups = group(&points);
    let count = groups.iter().max().map_or(0, |last| last + 1);
    let mut lists: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (number, &of) in groups.iter().enumerate() {
        lists[of].push(number);
    }
    let bought = Bought::of(ledger, &told);
    let usual = medians(&values, &(0..values.len()).collect::<Vec<_>>());
    let money = ledger.currency().minor_per_major() as f64;
    for list in lists.into_iter().filter(|list| !list.is_empty()) {
        let median = medians(&values, &list);
        let mut traits: Vec<PersonaTrait> = (0..FEATURES)
            .filter_map(|feature| {
                let mean = list.iter().map(|&at| points[at][feature]).sum::<f64>() / list.len() as f64;
                let (figure, high, low) = NAMES[feature];
                let scale = if figure.is_money() { money } else { 1.0 };
                (mean.abs() >= APART).then(|| PersonaTrait {
                    figure,
                    direction: if mean > 0.0 { "high" } else { "low" },
                    median: median[feature] / scale,
                    usual: usual[feature] / scale,
                    deviations: mean,
                    words: if mean > 0.0 { high } else { low },
                })
            })
            .collect();
        traits.sort_by(|a, b| b.deviations.abs().total_cmp(&a.deviations.abs()));
        let own = || list.iter().map(|&at| &figures[told[at]]);
        let value: i64 = own().map(|own| own.value).sum();
        let per = |sum| MoneyPer::new(has_amounts.then_some(sum), list.len() as u64, ledger.currency());
        let words: Vec<&str> = traits.iter().map(|one| one.words).collect();
        answer.personas.push(Persona {
            words: if words.is_empty() { "buy like most".to_owned() } else { words.join(", ") },
            customers: Rate::new(list.len() as u64, answer.n),
            value_per_customer: per(value),
            clv_12m: per(own().map(|own| own.value_12_months).sum()),
            value_share: (has_amounts && all_value > 0).then(|| value as f64 / all_value as f64),
            products: bought.of_group(ledger, &list),
            traits,
        });
    }
    answer.personas.sort_by_key(|persona| std::cmp::Reverse(persona.value_per_customer.rounded()));
    answer
}

impl Personas {
    /// One row per persona.
    pub fn table(&self, currency: clove_core::Currency) -> Table {
        let rows = self.personas.iter();
        let money = |of: fn(&Persona) -> &MoneyPer| {
            Values::Money(self.personas.iter().map(|persona| of(persona).rounded()).collect(), currency)
        };
        let names = |persona: &Persona| {
            let names: Vec<&str> = persona.products.iter().map(|one| one.product.as_str()).collect();
            (!names.is_empty()).then(|| names.join(", "))
        };
        Table::new()
            .with("persona", Values::Text(rows.clone().map(|persona| Some(persona.words.clone())).collect()))
            .with(
                "customers",
                Values::Int(rows.clone().map(|persona| Some(persona.customers.numerator as i64)).collect()),
            )
            .with("share", Values::Share(rows.clone().map(|persona| persona.customers.value).collect()))
            .with("value_per_customer", money(|persona| &persona.value_per_customer))
            .with("clv_12m", money(|persona| &persona.clv_12m))
            .with("value_share", Values::Share(rows.clone().map(|persona| persona.value_share).collect()))
            .with("products", Values::Text(rows.map(names).collect()))
    }
}

/// Figures in standard deviations of the shop; counts, days and money as logarithms first, since few are very large.
fn standardised(values: &[Point]) -> Vec<Point> {
    let bent = |point: &Point| {
        let mut bent = *point;
        for value in &mut bent[..3] {
            *value = value.max(0.0).ln_1p();
        }
        bent
    };
    let mut points: Vec<Point> = values.iter().map(bent).collect();
    let n = points.len() as f64;
    for feature in 0..FEATURES {
        let mean = points.iter().map(|point| point[feature]).sum::<f64>() / n;
        let variance = points.iter().map(|point| (point[feature] - mean).powi(2)).sum::<f64>() / n;
        let deviation = variance.sqrt();
        for point in &mut points {
            // What is the same of everybody tells nobody apart.
            let value = if deviation > 1e-9 { (point[feature] - mean) / deviation } else { 0.0 };
            point[feature] = value.clamp(-3.0, 3.0);
        }
    }
    points
}

/// The group of each point.
fn group(points: &[Point]) -> Vec<usize> {
    let step = points.len().div_ceil(SAMPLE);
    let sample: Vec<Point> = points.iter().step_by(step).copied().collect();
    let best = SIZES
        .into_iter()
        .map(|size| centres(&sample, size))
        .max_by(|a, b| separation(&sample, a).total_cmp(&separation(&sample, b)))
        .unwrap_or_default();
    points.iter().map(|point| nearest(point, &best).0).collect()
}

fn distance(a: &Point, b: &Point) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum()
}

/// The centre next to a point, and how far it is. Of equally near ones the first.
fn nearest(point: &Point, centres: &[Point]) -> (usize, f64) {
    let mut best = (0, f64::INFINITY);
    for (number, centre) in centres.iter().enumerate() {
        let far = distance(point, centre);
        if far < best.1 {
            best = (number, far);
        }
    }
    best
}

fn mean_of<'p>(points: impl Iterator<Item = &'p Point>) -> Option<Point> {
    let (mut sum, mut n) = ([0.0; FEATURES], 0_u64);
    for point in points {
        n += 1;
        for (sum, value) in sum.iter_mut().zip(point) {
            *sum += value;
        }
    }
    (n > 0).then(|| sum.map(|sum| sum / n as f64))
}

/// Lloyd's algorithm, begun with the point next to the mean and then each time the point farthest from those taken.
fn centres(points: &[Point], size: usize) -> Vec<Point> {
    let Some(mean) = mean_of(points.iter()) else { return Vec::new() };
    let by = |key: &dyn Fn(&Point) -> f64| points.iter().min_by(|a, b| key(a).total_cmp(&key(b))).copied();
    let mut centres: Vec<Point> = by(&|point| distance(point, &mean)).into_iter().collect();
    while centres.len() < size {
        centres.extend(by(&|point| -nearest(point, &centres).1));
    }
    let mut groups: Vec<usize> = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let next: Vec<usize> = points.iter().map(|point| nearest(point, &centres).0).collect();
        if next == groups {
            break;
        }
        groups = next;
        for (number, centre) in centres.iter_mut().enumerate() {
            let own = points.iter().zip(&groups).filter(|(_, of)| **of == number).map(|(point, _)| point);
            if let Some(mean) = mean_of(own) {
                *centre = mean;
            }
        }
    }
    centres
}

/// The Calinski-Harabasz index: spread between groups over spread within them, each by its degrees of freedom.
fn separation(points: &[Point], centres: &[Point]) -> f64 {
    let Some(mean) = mean_of(points.iter()) else { return 0.0 };
    let (mut within, mut between) = (0.0, 0.0);
    for point in points {
        let (number, far) = nearest(point, centres);
        within += far;
        between += distance(&centres[number], &mean);
    }
    let (n, k) = (points.len() as f64, centres.len() as f64);
    if within <= 0.0 { f64::INFINITY } else { (between / (k - 1.0)) / (within / (n - k)) }
}

fn medians(values: &[Point], of: &[usize]) -> Point {
    let mut medians = [0.0; FEATURES];
    for (feature, median) in medians.iter_mut().enumerate() {
        let mut own: Vec<f64> = of.iter().map(|&at| values[at][feature]).collect();
        own.sort_unstable_by(f64::total_cmp);
        *median = crate::answer::quantile(&own, 0.5).unwrap_or(0.0);
    }
    medians
}

/// Which products each customer who is told bought.
struct Bought {
    /// Numbers of products by customer.
    products: Vec<Vec<u32>>,
    /// Customers by product.
    all: HashMap<u32, u64>,
}

impl Bought {
    fn of(ledger: &Ledger<'_>, told: &[usize]) -> Bought {
        let mut products = vec![Vec::new(); told.len()];
        let mut all = HashMap::new();
        if let Some(lines) = &ledger.shop().lines {
            let mut buyer = vec![u32::MAX; ledger.shop().orders.len()];
            for (number, &at) in told.iter().enumerate() {
                for &order in ledger.orders_of(&ledger.customers()[at]) {
                    buyer[order as usize] = number as u32;
                }
            }
            for (line, &order) in lines.order.iter().enumerate().filter(|(line, _)| lines.quantity[*line] > 0) {
                if let Some(own) = products.get_mut(buyer[order as usize] as usize) {
                    own.push(lines.product[line]);
                }
            }
        }
        for own in &mut products {
            own.sort_unstable();
            own.dedup();
            for &product in own.iter() {
                *all.entry(product).or_default() += 1;
            }
        }
        Bought { products, all }
    }

    /// Products that customers of a group buy more than others, by how many of them did.
    fn of_group(&self, ledger: &Ledger<'_>, list: &[usize]) -> Vec<PersonaProduct> {
        let Some(lines) = &ledger.shop().lines else { return Vec::new() };
        let mut counts: HashMap<u32, u64> = HashMap::new();
        for &product in list.iter().flat_map(|&at| &self.products[at]) {
            *counts.entry(product).or_default() += 1;
        }
        let (own, everybody) = (list.len() as f64, self.products.len() as f64);
        let lift = |(product, count): (u32, u64)| {
            let all = self.all.get(&product).copied().unwrap_or(count) as f64;
            (count as f64 / own) / (all / everybody)
        };
        let mut counts: Vec<(u32, u64)> = counts.into_iter().filter(|&pair| pair.1 > 1 && lift(pair) > 1.0).collect();
        counts.sort_by_key(|&(product, count)| (std::cmp::Reverse(count), product));
        counts.truncate(MOST_PRODUCTS);
        let product = |pair: (u32, u64)| PersonaProduct {
            product: lines.products.get(pair.0).to_owned(),
            customers: Rate::new(pair.1, list.len() as u64),
            lift: lift(pair),
        };
        counts.into_iter().map(product).collect()
    }
}
