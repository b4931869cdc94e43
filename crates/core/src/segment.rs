//! Definitions of segments: which customers belong, as a tree of conditions that people can write as JSON and read as a sentence.
//!
//! ```json
//! {"all": [
//!   {"figure": {"name": "purchase_days", "at_least": 3}},
//!   {"figure": {"name": "value_24m", "at_least_percentile": 90}},
//!   {"not": {"stage": ["lapsed"]}}
//! ]}
//! ```
//!
//! A definition says nothing of how customers are found; whoever evaluates it is given the day, the shop's thresholds and the customer.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::day::Day;

/// Conditions within each other at most.
const DEEPEST: usize = 8;
/// Conditions of a definition at most.
const MOST: usize = 200;

/// What holds of a customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Each of these.
    All(Vec<Condition>),
    /// One of these or more.
    Any(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// A number of the customer lies within bounds.
    Figure(FigureCondition),
    /// A day of the customer lies within bounds.
    Day(DayCondition),
    /// The customer stands at one of these.
    Stage(Vec<StageName>),
    /// So many orders of this kind.
    Orders(OrdersCondition),
    /// So many events of this kind.
    Events(EventsCondition),
    /// The customer said that messages of this kind are welcome, or did not.
    Consent(ConsentCondition),
    /// The customer is in another segment, by its id or name.
    Segment(String),
}

/// A number of a customer. Money is in major units of the shop's currency, net of returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureName {
    /// Orders that count.
    Orders,
    /// Orders of which something was kept.
    Purchases,
    /// Days with purchases.
    PurchaseDays,
    /// Value since the first order.
    Value,
    /// Value of the last 12 months.
    #[serde(rename = "value_12m")]
    Value12Months,
    /// Value of the last 24 months.
    #[serde(rename = "value_24m")]
    Value24Months,
    /// Value per purchase.
    Aov,
    /// Purchases with a discount of all purchases.
    DiscountShare,
    /// Returned value of placed value.
    ReturnShare,
    /// Days since the first purchase.
    DaysSinceFirst,
    /// Days since the last purchase.
    DaysSinceLast,
    /// Mean days between purchase days.
    AverageGap,
    /// 1 to 5; 5 bought most recently.
    RecencyScore,
    /// 1 to 5; 5 bought most often.
    FrequencyScore,
    /// 1 to 5; 5 is worth most so far.
    MonetaryScore,
    /// Value expected of the next 12 months.
    PredictedValue,
    /// Lower end of its interval.
    PredictedLow,
    /// Upper end of its interval.
    PredictedHigh,
    /// Purchases expected of the next 12 months.
    PredictedPurchases,
    /// Probability of a purchase within the next 12 months.
    PurchaseProbability,
    /// Probability of being a customer still.
    AliveProbability,
}

impl FigureName {
    /// All of them.
    pub const ALL: [FigureName; 21] = [
        FigureName::Orders,
        FigureName::Purchases,
        FigureName::PurchaseDays,
        FigureName::Value,
        FigureName::Value12Months,
        FigureName::Value24Months,
        FigureName::Aov,
        FigureName::DiscountShare,
        FigureName::ReturnShare,
        FigureName::DaysSinceFirst,
        FigureName::DaysSinceLast,
        FigureName::AverageGap,
        FigureName::RecencyScore,
        FigureName::FrequencyScore,
        FigureName::MonetaryScore,
        FigureName::PredictedValue,
        FigureName::PredictedLow,
        FigureName::PredictedHigh,
        FigureName::PredictedPurchases,
        FigureName::PurchaseProbability,
        FigureName::AliveProbability,
    ];

    /// Whether it is an amount of money.
    pub fn is_money(self) -> bool {
        matches!(
            self,
            FigureName::Value
                | FigureName::Value12Months
                | FigureName::Value24Months
                | FigureName::Aov
                | FigureName::PredictedValue
                | FigureName::PredictedLow
                | FigureName::PredictedHigh
        )
    }

    /// Whether it comes of the forecast of the customer.
    pub fn is_forecast(self) -> bool {
        matches!(
            self,
            FigureName::PredictedValue
                | FigureName::PredictedLow
                | FigureName::PredictedHigh
                | FigureName::PredictedPurchases
                | FigureName::PurchaseProbability
                | FigureName::AliveProbability
        )
    }

    /// How people read it.
    pub fn words(self) -> &'static str {
        match self {
            FigureName::Orders => "orders",
            FigureName::Purchases => "purchases",
            FigureName::PurchaseDays => "days with purchases",
            FigureName::Value => "value so far",
            FigureName::Value12Months => "value of the last 12 months",
            FigureName::Value24Months => "value of the last 24 months",
            FigureName::Aov => "value per purchase",
            FigureName::DiscountShare => "share of discounted purchases",
            FigureName::ReturnShare => "share of value returned",
            FigureName::DaysSinceFirst => "days since the first purchase",
            FigureName::DaysSinceLast => "days since the last purchase",
            FigureName::AverageGap => "mean days between purchases",
            FigureName::RecencyScore => "recency score",
            FigureName::FrequencyScore => "frequency score",
            FigureName::MonetaryScore => "monetary score",
            FigureName::PredictedValue => "value expected of the next 12 months",
            FigureName::PredictedLow => "lower end of the value expected of the next 12 months",
            FigureName::PredictedHigh => "upper end of the value expected of the next 12 months",
            FigureName::PredictedPurchases => "purchases expected of the next 12 months",
            FigureName::PurchaseProbability => "probability of a purchase within 12 months",
            FigureName::AliveProbability => "probability of being a customer still",
        }
    }
}

/// Bounds of a number; each one that is given must hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FigureCondition {
    /// Which number.
    pub name: FigureName,
    /// This or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// This or less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
    /// More than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<f64>,
    /// Less than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<f64>,
    /// At least as much as this percentile of the shop's identified buyers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least_percentile: Option<f64>,
    /// Less than this percentile of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below_percentile: Option<f64>,
}

/// A day of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayName {
    /// Of the first order that counts.
    FirstOrder,
    /// Of the last order that counts.
    LastOrder,
    /// Of the first purchase.
    FirstPurchase,
    /// Of the last purchase.
    LastPurchase,
}

impl DayName {
    fn words(self) -> &'static str {
        match self {
            DayName::FirstOrder => "first order",
            DayName::LastOrder => "last order",
            DayName::FirstPurchase => "first purchase",
            DayName::LastPurchase => "last purchase",
        }
    }
}

/// Days, as dates of the calendar or counted back from the day of the question. Each bound that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Window {
    /// The first day, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// At most so many days ago; 0 is the day itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within_days: Option<u32>,
    /// More than so many days ago.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more_than_days_ago: Option<u32>,
}

impl Window {
    /// Whether a day lies inside, asked on `as_of`. Dates that cannot be read hold nothing: [`Condition::problems`] tells them.
    pub fn contains(&self, day: Day, as_of: Day) -> bool {
        let ago = i64::from(as_of.since(day));
        let parse = |text: &Option<String>| text.as_deref().map(str::parse::<Day>);
        parse(&self.from).is_none_or(|from| from.is_ok_and(|from| from <= day))
            && parse(&self.until).is_none_or(|until| until.is_ok_and(|until| day <= until))
            && self.within_days.is_none_or(|days| ago <= i64::from(days))
            && self.more_than_days_ago.is_none_or(|days| ago > i64::from(days))
    }

    fn is_empty(&self) -> bool {
        *self == Window::default()
    }

    fn words(&self) -> String {
        let mut parts = Vec::new();
        parts.extend(self.from.as_ref().map(|day| format!("from {day}")));
        parts.extend(self.until.as_ref().map(|day| format!("until {day}")));
        parts.extend(self.within_days.map(|days| format!("within the last {days} days")));
        parts.extend(self.more_than_days_ago.map(|days| format!("more than {days} days ago")));
        parts.join(" and ")
    }
}

/// A day of a customer within a window; a customer without such a day is out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayCondition {
    /// Which day.
    pub name: DayName,
    /// When.
    pub when: Window,
}

/// Where a customer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageName {
    /// Bought within the shop's usual gap.
    Active,
    /// Later than three of four who come back.
    AtRisk,
    /// Later than nineteen of twenty who come back.
    Lapsed,
}

impl StageName {
    fn words(self) -> &'static str {
        match self {
            StageName::Active => "active",
            StageName::AtRisk => "at risk",
            StageName::Lapsed => "lapsed",
        }
    }
}

/// Which orders of a customer are looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// All of them.
    #[default]
    Any,
    /// The first one.
    First,
    /// The last one.
    Last,
}

/// How many orders of a kind a customer placed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OrdersCondition {
    /// So many or more; 1 where neither bound is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<u32>,
    /// So many or fewer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u32>,
    /// Only the first or the last order.
    pub which: Which,
    /// Only orders placed then.
    #[serde(skip_serializing_if = "Window::is_empty")]
    pub when: Window,
    /// Only orders with a discount, or without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discounted: Option<bool>,
    /// Only orders of which something was kept, or nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept: Option<bool>,
    /// Only orders of this net value or more, in major units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_at_least: Option<f64>,
    /// Only orders with one of these values in each of these columns: `{"channel": ["web", "pos"]}`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, Vec<String>>,
    /// Only orders with one of these products.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<String>,
}

impl OrdersCondition {
    /// Whether so many orders are enough and not too many.
    pub fn holds(&self, count: u32) -> bool {
        within(self.at_least, self.at_most, count)
    }
}

/// What events are looked for: their name, and what they must say.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventsAsked {
    /// The event's name.
    pub name: String,
    /// One of these products.
    pub products: Vec<String>,
    /// One of these values of each of these properties.
    pub properties: BTreeMap<String, Vec<String>>,
}

/// How many events of a kind a customer caused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EventsCondition {
    /// The event's name: `Product Viewed`, `Checkout Started`, one of your own, `page` or `screen`.
    pub name: String,
    /// So many or more; 1 where neither bound is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<u32>,
    /// So many or fewer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u32>,
    /// Only events of then.
    #[serde(skip_serializing_if = "Window::is_empty")]
    pub when: Window,
    /// Only events about one of these products.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<String>,
    /// Only events with one of these values of each of these properties: `{"category": ["tea"]}`. Numbers, true and false as JSON
    /// writes them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, Vec<String>>,
}

impl EventsCondition {
    /// What is looked for, whenever and however often.
    pub fn asked(&self) -> EventsAsked {
        EventsAsked { name: self.name.clone(), products: self.products.clone(), properties: self.properties.clone() }
    }

    /// Whether so many events are enough and not too many.
    pub fn holds(&self, count: u32) -> bool {
        within(self.at_least, self.at_most, count)
    }

    fn words(&self) -> String {
        let mut text = counted(self.at_least, self.at_most, "event");
        let _ = write!(text, " {}", self.name);
        if !self.when.is_empty() {
            let _ = write!(text, " {}", self.when.words());
        }
        let mut with: Vec<String> = Vec::new();
        with.extend(self.properties.iter().map(|(name, values)| format!("{name} {}", values.join(" or "))));
        if !self.products.is_empty() {
            with.push(self.products.join(" or "));
        }
        if !with.is_empty() {
            let _ = write!(text, " with {}", with.join(", "));
        }
        text
    }
}

/// Whether a count lies within bounds; without any it must be 1 or more.
fn within(at_least: Option<u32>, at_most: Option<u32>, count: u32) -> bool {
    at_least.unwrap_or(u32::from(at_most.is_none())) <= count && at_most.is_none_or(|most| count <= most)
}

fn counted(at_least: Option<u32>, at_most: Option<u32>, thing: &str) -> String {
    match (at_least, at_most) {
        (None, None) => format!("an {thing}"),
        (Some(least), None) => format!("at least {least} {thing}s"),
        (None, Some(most)) => format!("at most {most} {thing}s"),
        (Some(least), Some(most)) => format!("{least} to {most} {thing}s"),
    }
}

/// What a customer consented to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentCondition {
    /// `email`, `sms`, `whatsapp`, ...
    pub channel: String,
    /// `marketing`, `service`, ...
    pub purpose: String,
    /// Whether consent holds; false finds those who never gave it or took it back.
    #[serde(default = "yes")]
    pub granted: bool,
}

fn yes() -> bool {
    true
}

impl ConsentCondition {
    fn words(&self) -> String {
        let with = if self.granted { "consent to" } else { "no consent to" };
        format!("{with} {} by {}", self.purpose, self.channel)
    }
}

/// Something wrong with a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionProblem {
    /// Where: a JSON pointer within the definition.
    pub pointer: String,
    /// What is wrong, and how to mend it.
    pub detail: String,
}

impl Condition {
    /// What is wrong with it; empty for a good one.
    pub fn problems(&self) -> Vec<DefinitionProblem> {
        let mut problems = Vec::new();
        let mut count = 0;
        self.check("", 1, &mut count, &mut problems);
        if count > MOST {
            let detail = format!("{count} conditions are too many; up to {MOST} are taken");
            problems.push(DefinitionProblem { pointer: String::new(), detail });
        }
        problems
    }

    fn check(&self, pointer: &str, depth: usize, count: &mut usize, problems: &mut Vec<DefinitionProblem>) {
        *count += 1;
        let mut wrong = |at: &str, detail: String| {
            problems.push(DefinitionProblem { pointer: format!("{pointer}{at}"), detail });
        };
        if depth > DEEPEST {
            wrong("", format!("conditions lie too deep within each other; up to {DEEPEST} levels are taken"));
            return;
        }
        match self {
            Condition::All(of) | Condition::Any(of) => {
                let name = if matches!(self, Condition::All(_)) { "all" } else { "any" };
                if of.is_empty() {
                    wrong(&format!("/{name}"), "a list without conditions: name at least one".to_owned());
                }
                for (index, one) in of.iter().enumerate() {
                    one.check(&format!("{pointer}/{name}/{index}"), depth + 1, count, problems);
                }
            }
            Condition::Not(one) => one.check(&format!("{pointer}/not"), depth + 1, count, problems),
            Condition::Figure(figure) => {
                let bounds = [figure.at_least, figure.at_most, figure.above, figure.below];
                let percentiles = [figure.at_least_percentile, figure.below_percentile];
                if bounds.iter().chain(&percentiles).all(Option::is_none) {
                    wrong(
                        "/figure",
                        "no bound: give at_least, at_most, above, below or at_least_percentile".to_owned(),
                    );
                }
                if bounds.iter().flatten().any(|bound| !bound.is_finite() || bound.abs() > 1e12) {
                    wrong("/figure", "a bound that is no number of customers or money".to_owned());
                }
                if percentiles.iter().flatten().any(|percentile| !(0.0..=100.0).contains(percentile)) {
                    wrong("/figure", "a percentile lies between 0 and 100".to_owned());
                }
            }
            Condition::Day(day) => {
                if day.when.is_empty() {
                    wrong("/day/when", "no bound: give from, until, within_days or more_than_days_ago".to_owned());
                }
                check_window(&day.when, "/day/when", &mut wrong);
            }
            Condition::Stage(stages) => {
                if stages.is_empty() {
                    wrong("/stage", "no stage: give active, at_risk or lapsed".to_owned());
                }
            }
            Condition::Orders(orders) => {
                check_window(&orders.when, "/orders/when", &mut wrong);
                check_counts("/orders", (orders.at_least, orders.at_most), &mut wrong);
                if orders.columns.values().any(Vec::is_empty) {
                    wrong("/orders/columns", "a column without values: name at least one".to_owned());
                }
                if orders.value_at_least.is_some_and(|value| !value.is_finite() || value.abs() > 1e12) {
                    wrong("/orders/value_at_least", "no amount of money".to_owned());
                }
            }
            Condition::Events(events) => {
                check_window(&events.when, "/events/when", &mut wrong);
                check_counts("/events", (events.at_least, events.at_most), &mut wrong);
                if events.name.trim().is_empty() {
                    wrong(
                        "/events/name",
                        "no event: give its name, such as Product Viewed or Checkout Started".to_owned(),
                    );
                }
                if events.properties.values().any(Vec::is_empty) {
                    wrong("/events/properties", "a property without values: name at least one".to_owned());
                }
            }
            Condition::Consent(consent) => {
                for (at, text) in [("channel", &consent.channel), ("purpose", &consent.purpose)] {
                    if text.trim().is_empty() {
                        wrong(&format!("/consent/{at}"), format!("no {at}: such as email and marketing"));
                    }
                }
            }
            Condition::Segment(name) => {
                if name.trim().is_empty() {
                    wrong("/segment", "no segment: give its id, or the name of a ready-made one".to_owned());
                }
            }
        }
    }

    /// Calls `each` with every condition of the tree.
    pub fn walk<'c>(&'c self, each: &mut dyn FnMut(&'c Condition)) {
        each(self);
        match self {
            Condition::All(of) | Condition::Any(of) => of.iter().for_each(|one| one.walk(each)),
            Condition::Not(one) => one.walk(each),
            _ => {}
        }
    }

    /// The definition as people read it.
    pub fn words(&self) -> String {
        let join = |of: &[Condition], word: &str| {
            let inside = |one: &Condition| match one {
                Condition::All(of) | Condition::Any(of) if of.len() > 1 => format!("({})", one.words()),
                one => one.words(),
            };
            of.iter().map(inside).collect::<Vec<_>>().join(word)
        };
        match self {
            Condition::All(of) => join(of, " and "),
            Condition::Any(of) => join(of, " or "),
            Condition::Not(one) => format!("not ({})", one.words()),
            Condition::Figure(figure) => figure.words(),
            Condition::Day(day) => format!("{} {}", day.name.words(), day.when.words()),
            Condition::Stage(stages) => stages.iter().map(|stage| stage.words()).collect::<Vec<_>>().join(" or "),
            Condition::Orders(orders) => orders.words(),
            Condition::Events(events) => events.words(),
            Condition::Consent(consent) => consent.words(),
            Condition::Segment(name) => format!("in segment {name}"),
        }
    }
}

fn check_counts(at: &str, (at_least, at_most): (Option<u32>, Option<u32>), wrong: &mut impl FnMut(&str, String)) {
    if let (Some(least), Some(most)) = (at_least, at_most)
        && least > most
    {
        wrong(at, format!("at least {least} and at most {most} holds for nobody"));
    }
}

fn check_window(window: &Window, at: &str, wrong: &mut impl FnMut(&str, String)) {
    for (name, text) in [("from", &window.from), ("until", &window.until)] {
        if let Some(text) = text
            && text.parse::<Day>().is_err()
        {
            wrong(&format!("{at}/{name}"), format!("'{text}' is no day: write it as YYYY-MM-DD"));
        }
    }
}

impl FigureCondition {
    fn words(&self) -> String {
        let mut parts = Vec::new();
        parts.extend(self.at_least.map(|bound| format!("at least {bound}")));
        parts.extend(self.at_most.map(|bound| format!("at most {bound}")));
        parts.extend(self.above.map(|bound| format!("above {bound}")));
        parts.extend(self.below.map(|bound| format!("below {bound}")));
        let top = |percentile: f64| format!("among the top {} % of the shop", 100.0 - percentile);
        parts.extend(self.at_least_percentile.map(top));
        parts.extend(self.below_percentile.map(|percentile| format!("below {percentile} % of the shop")));
        format!("{} {}", self.name.words(), parts.join(" and "))
    }
}

impl OrdersCondition {
    fn words(&self) -> String {
        let count = counted(self.at_least, self.at_most, "order");
        let mut text = match self.which {
            Which::Any => count,
            Which::First => "the first order".to_owned(),
            Which::Last => "the last order".to_owned(),
        };
        if !self.when.is_empty() {
            let _ = write!(text, " {}", self.when.words());
        }
        let mut with = Vec::new();
        with.extend(self.discounted.map(|is| if is { "a discount" } else { "no discount" }.to_owned()));
        with.extend(self.kept.map(|is| if is { "something kept" } else { "everything returned" }.to_owned()));
        with.extend(self.value_at_least.map(|value| format!("a value of at least {value}")));
        with.extend(self.columns.iter().map(|(column, values)| format!("{column} {}", values.join(" or "))));
        if !self.products.is_empty() {
            with.push(self.products.join(" or "));
        }
        if !with.is_empty() {
            let _ = write!(text, " with {}", with.join(", "));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Condition {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn definitions_are_read_and_told() {
        let vip = read(
            r#"{"all": [{"figure": {"name": "purchase_days", "at_least": 3}},
                {"figure": {"name": "value_24m", "at_least_percentile": 90}}, {"not": {"stage": ["lapsed"]}},
                {"any": [{"orders": {"when": {"within_days": 30}, "columns": {"channel": ["web"]}, "at_least": 2}},
                    {"day": {"name": "first_order", "when": {"from": "2026-01-01"}}}]}]}"#,
        );
        assert_eq!(vip.problems(), []);
        assert_eq!(
            vip.words(),
            "days with purchases at least 3 and value of the last 24 months among the top 10 % of the shop and not (lapsed) and \
             (at least 2 orders within the last 30 days with channel web or first order from 2026-01-01)"
        );
        let text = serde_json::to_string(&vip).unwrap();
        assert_eq!(read(&text), vip);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let wrong = |text: &str| {
            let problems = read(text).problems();
            problems.into_iter().map(|problem| problem.pointer).collect::<Vec<_>>()
        };
        assert_eq!(wrong(r#"{"all": []}"#), ["/all"]);
        assert_eq!(wrong(r#"{"any": [{"not": {"figure": {"name": "orders"}}}]}"#), ["/any/0/not/figure"]);
        assert_eq!(wrong(r#"{"day": {"name": "first_order", "when": {"from": "June"}}}"#), ["/day/when/from"]);
        assert_eq!(wrong(r#"{"orders": {"at_least": 3, "at_most": 2}}"#), ["/orders"]);
        assert_eq!(wrong(r#"{"events": {"at_most": 2}}"#), ["/events/name"]);
        let viewed = read(
            r#"{"events": {"name": "Product Viewed", "at_least": 2, "products": ["TEA"], "when": {"within_days": 7}}}"#,
        );
        assert_eq!(viewed.words(), "at least 2 events Product Viewed within the last 7 days with TEA");
        let mut deep = r#"{"stage": ["active"]}"#.to_owned();
        for _ in 0..9 {
            deep = format!(r#"{{"not": {deep}}}"#);
        }
        assert_eq!(wrong(&deep).len(), 1);
        for text in [r#"{"figure": {"name": "orders", "atleast": 3}}"#, r#"{"figur": {}}"#, r#"{"stage": ["gone"]}"#] {
            assert!(serde_json::from_str::<Condition>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn windows_count_back_from_the_day_of_the_question() {
        let window = Window { within_days: Some(30), more_than_days_ago: Some(7), ..Window::default() };
        let inside = |ago: i32| window.contains(Day(1_000 - ago), Day(1_000));
        assert!(!inside(7) && inside(8) && inside(30) && !inside(31));
    }
}
