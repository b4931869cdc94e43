//! What a report shows. Plain data: whoever measures fills it in, the report only draws and words it.
//!
//! Amounts are in major units of the report's currency, shares are between 0 and 1, dates are ISO (`2026-06-30`), months
//! `2026-06`. What is unknown is `None` and shown as "–", never as 0. Parts without data are left out of the report.

use serde::{Deserialize, Serialize};

use super::format::Language;

/// One whole report.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ReportData {
    /// The shop's name, or the name of its file.
    pub shop: String,
    /// Whether this is the demo shop; the report then says so.
    pub demo: bool,
    /// Language of words and numbers.
    pub language: Language,
    /// Whether the page runs from right to left; `None` = as the language does.
    pub right_to_left: Option<bool>,
    /// What all figures rest on.
    pub ground: Ground,
    /// What the sentences at the top say.
    pub headline: Headline,
    /// The strip of key figures, best four to eight.
    pub key_figures: Vec<KeyFigure>,
    /// What to do next, most valuable first.
    pub actions: Vec<Action>,
    /// Cohort tables; the first should be value per customer.
    pub cohorts: Vec<CohortTable>,
    /// Cumulative value per customer by age.
    pub curves: Option<LifetimeCurves>,
    /// Net sales by month, and what is expected.
    pub forecast: Option<Forecast>,
    /// Probability of being alive by purchases and days since the last one.
    pub alive: Option<AliveTable>,
    /// Share of value by share of customers.
    pub concentration: Option<Concentration>,
    /// How well each model would have predicted.
    pub backtest: Option<Backtest>,
    /// Segments with size and value.
    pub segments: Vec<Segment>,
    /// Further tables: by channel, by first product, ...
    pub breakdowns: Vec<Breakdown>,
    /// What was read and what was left out.
    pub health: Health,
    /// How each figure is defined.
    pub definitions: Vec<Definition>,
}

/// What all figures of a report rest on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Ground {
    /// Last day that counts.
    pub as_of: String,
    /// Day of the first order.
    pub since: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Decimal places of the currency.
    pub currency_decimals: u32,
    /// Value basis (`net`, `margin`, ...).
    pub basis: String,
    /// Name of the model that predictions come from, or `cohort-average`.
    pub model: String,
    /// Why a cohort average stands in for a model, if one does.
    pub gate: Option<String>,
    /// Days that predictions look ahead.
    pub horizon_days: u32,
    /// Discount rate of a year.
    pub discount_rate: f64,
    /// Time zone in which days are counted.
    pub time_zone: String,
    /// Share of customers who are identified.
    pub identified_share: Option<f64>,
    /// Whether the files have no amounts, so that nothing is known of value.
    pub without_amounts: bool,
    /// Name and version of the program.
    pub made_by: String,
}

/// The figures of the opening sentences. A sentence whose figures are unknown is left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Headline {
    /// Value of a new customer over the first `worth_days` days.
    pub worth: Option<f64>,
    /// Days of `worth`.
    pub worth_days: u32,
    /// Share of new customers who buy again within `again_days`.
    pub again: Option<f64>,
    /// Days of `again`.
    pub again_days: u32,
    /// Number of good customers who are late.
    pub late: Option<u64>,
    /// Value at risk with them.
    pub at_risk: Option<f64>,
    /// Value expected from today's customers over the horizon.
    pub expected: Option<Estimate>,
}

/// An estimate with its 80 % interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Point prediction.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// A number that knows how it wants to be written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// An amount in the report's currency.
    Money(f64),
    /// A count.
    Count(u64),
    /// A share, written as a percentage.
    Share(f64),
    /// A number of days.
    Days(f64),
    /// A ratio such as value to cost, with one decimal.
    Ratio(f64),
    /// An average count, with two decimals.
    Average(f64),
    /// A number with three decimals, such as an error measure.
    Number(f64),
    /// Unknown.
    #[default]
    Unknown,
}

/// One figure of the strip.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct KeyFigure {
    /// What it is, in two or three words.
    pub label: String,
    /// The figure.
    pub figure: Figure,
    /// Basis, n, comparison, in a few words.
    pub note: String,
    /// Whether it needs attention (value below cost, for instance).
    pub alarm: bool,
}

/// Something to do, whom it reaches, and what it may bring.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// The action as an imperative sentence.
    pub title: String,
    /// Why, with the evidence.
    pub reason: String,
    /// How many customers it reaches.
    pub reach: Option<u64>,
    /// Value it may bring or protect.
    pub value: Option<f64>,
    /// How that value was reckoned.
    pub value_note: String,
    /// The command that lists these customers, if there is one.
    pub command: Option<String>,
}

/// What the cells of a cohort table are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellKind {
    /// Amounts per customer.
    #[default]
    Money,
    /// Shares of the cohort.
    Share,
}

/// A triangle of cohorts by age.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CohortTable {
    /// Heading.
    pub title: String,
    /// One sentence on what a cell says.
    pub explanation: String,
    /// What the cells are.
    pub kind: CellKind,
    /// Column headings (`day 0`, `day 30`, ... or `month 1`, ...).
    pub ages: Vec<String>,
    /// One row per cohort, oldest first.
    pub rows: Vec<CohortRow>,
    /// Average over complete cells by age, weighted by customers.
    pub average: Vec<Option<f64>>,
}

/// One cohort.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CohortRow {
    /// Name, mostly its month.
    pub cohort: String,
    /// Number of customers.
    pub customers: u64,
    /// One cell per age; `None` where the age lies in the future.
    pub cells: Vec<Option<CohortCell>>,
}

/// One cell of a cohort table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct CohortCell {
    /// Value in the table's kind.
    pub value: f64,
    /// Whether every member of the cohort has reached this age.
    pub complete: bool,
}

/// Cumulative value per customer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LifetimeCurves {
    /// Ages in days, rising.
    pub ages: Vec<u32>,
    /// All customers together, drawn on top. Only ages that enough customers have reached (30 or more), else the end wobbles.
    pub pooled: Vec<Option<f64>>,
    /// Cohorts, oldest first. Only complete values.
    pub cohorts: Vec<Curve>,
    /// Cost of winning a customer, drawn as a line to cross.
    pub acquisition_cost: Option<f64>,
    /// First age in days at which value covers that cost.
    pub payback_days: Option<f64>,
}

/// One cohort's curve.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// Name of the cohort.
    pub name: String,
    /// Number of customers.
    pub customers: u64,
    /// One value per age, `None` where not complete.
    pub values: Vec<Option<f64>>,
}

/// Sales by month and what is expected.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// Months that have been, oldest first.
    pub history: Vec<MonthValue>,
    /// Months to come.
    pub expected: Vec<MonthEstimate>,
    /// From whom it is expected, to follow the word "from": "today’s customers alone, without those still to be won".
    pub covers: String,
}

/// Value of a month.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct MonthValue {
    /// Month.
    pub month: String,
    /// Value.
    pub value: f64,
    /// Whether the month was over at the as-of day.
    pub complete: bool,
}

/// Expected value of a month.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct MonthEstimate {
    /// Month.
    pub month: String,
    /// Expected value with its 80 % interval.
    pub estimate: Estimate,
}

/// Probability of being alive by number of purchases and days since the last.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AliveTable {
    /// Column headings: days since the last purchase (`0–29`, ...).
    pub recency: Vec<String>,
    /// One row per number of purchases, rising.
    pub rows: Vec<AliveRow>,
}

/// Customers with one number of purchases.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AliveRow {
    /// Number of purchases (`2`, `3–4`, `10+`).
    pub purchases: String,
    /// One cell per column; `None` where there is nobody or the model says nothing.
    pub cells: Vec<Option<AliveCell>>,
}

/// One cell of the table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct AliveCell {
    /// Mean probability of being alive.
    pub probability: f64,
    /// Number of customers.
    pub customers: u64,
}

/// How value is spread over customers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Concentration {
    /// Rising points (share of customers from the most valuable on, share of value), from (0, 0) to (1, 1).
    pub points: Vec<(f64, f64)>,
    /// Points to name, for instance the top 1, 10 and 20 %.
    pub named: Vec<(f64, f64)>,
    /// Number of customers.
    pub customers: u64,
}

/// How well each model predicted a period that it had not seen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Backtest {
    /// Last day that the models saw.
    pub calibrated_until: String,
    /// Last day of the period predicted.
    pub until: String,
    /// Customers of the calibration period.
    pub customers: u64,
    /// Purchases in the period predicted.
    pub purchases: u64,
    /// The model chosen; its row is marked.
    pub chosen: String,
    /// One row per model, best first.
    pub models: Vec<BacktestRow>,
    /// Cumulative purchases, actual and expected, if known.
    pub tracking: Vec<Tracking>,
}

/// One model in the back-test.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BacktestRow {
    /// Name of the model.
    pub model: String,
    /// Whether it is a naive baseline.
    pub baseline: bool,
    /// Root mean squared error, purchases per customer.
    pub rmse: Option<f64>,
    /// Mean absolute error, purchases per customer.
    pub mae: Option<f64>,
    /// Error of the total, as a share (0.12 = 12 % too many).
    pub bias: Option<f64>,
    /// Spearman's rank correlation.
    pub spearman: Option<f64>,
    /// Share of the best tenth's purchases that the predicted best tenth made.
    pub top10_capture: Option<f64>,
}

/// One step of the tracking plot.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tracking {
    /// Day.
    pub day: String,
    /// Purchases so far.
    pub actual: f64,
    /// Purchases expected so far.
    pub expected: f64,
}

/// A segment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// Name.
    pub name: String,
    /// Who belongs to it, with the thresholds of this shop.
    pub rule: String,
    /// Number of customers; `None` where the data cannot tell.
    pub customers: Option<u64>,
    /// Share of all customers.
    pub customer_share: Option<f64>,
    /// Share of all value.
    pub value_share: Option<f64>,
    /// Value so far, per customer.
    pub value: Option<f64>,
    /// Value expected over the horizon, per customer.
    pub predicted: Option<f64>,
}

/// A table of figures by some column of the data.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Breakdown {
    /// Heading.
    pub title: String,
    /// One sentence on what it says and what not.
    pub explanation: String,
    /// Heading of the first column.
    pub by: String,
    /// Headings of the figures.
    pub columns: Vec<String>,
    /// Rows, in the order to show.
    pub rows: Vec<BreakdownRow>,
}

/// One row of a breakdown.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BreakdownRow {
    /// Its value of the column.
    pub name: String,
    /// Number of customers.
    pub customers: u64,
    /// One figure per column.
    pub figures: Vec<Figure>,
}

/// What was read and what was left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Health {
    /// Rows read.
    pub rows: u64,
    /// Orders that count.
    pub orders: u64,
    /// Customers, guests included.
    pub customers: u64,
    /// Orders of guests without any handle.
    pub guests: u64,
    /// Rows that could not be read.
    pub rejected: u64,
    /// What was left out on purpose.
    pub excluded: Vec<Excluded>,
    /// Things to know, a sentence each.
    pub warnings: Vec<String>,
}

/// One reason for leaving something out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Excluded {
    /// The reason in words.
    pub reason: String,
    /// How many.
    pub count: u64,
    /// Their value.
    pub amount: f64,
}

/// The definition of a figure.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    /// The figure.
    pub figure: String,
    /// How it is computed.
    pub definition: String,
}
