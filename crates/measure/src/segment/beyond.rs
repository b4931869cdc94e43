//! What is known of customers beyond their orders: forecasts, consents and events, as definitions ask for them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use clove_core::segment::{Condition, ConsentCondition, EventsAsked, FigureName};
use clove_core::{Day, Minor};
use clove_store::customer_view::Score;

/// What is expected of a customer. Money is in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Expected {
    /// Value of the next 12 months.
    pub value: Option<Minor>,
    /// Lower end of its interval.
    pub low: Option<Minor>,
    /// Upper end of its interval.
    pub high: Option<Minor>,
    /// Purchases of the next 12 months.
    pub purchases: Option<f64>,
    /// Probability of at least one of them.
    pub purchase_probability: Option<f64>,
    /// Probability of being a customer still.
    pub alive_probability: Option<f64>,
}

impl Expected {
    /// Of a row of scores.
    pub fn of(score: &Score) -> Expected {
        Expected {
            value: score.predicted_value_minor,
            low: score.predicted_low_minor,
            high: score.predicted_high_minor,
            purchases: score.expected_purchases,
            purchase_probability: score.probability_of_purchase,
            alive_probability: score.p_alive,
        }
    }

    pub(super) fn figure(&self, name: FigureName) -> Option<f64> {
        let money = |amount: Option<Minor>| amount.map(|amount| amount as f64);
        match name {
            FigureName::PredictedValue => money(self.value),
            FigureName::PredictedLow => money(self.low),
            FigureName::PredictedHigh => money(self.high),
            FigureName::PredictedPurchases => self.purchases,
            FigureName::PurchaseProbability => self.purchase_probability,
            FigureName::AliveProbability => self.alive_probability,
            _ => None,
        }
    }
}

/// A channel and a purpose.
pub type ConsentTo = (String, String);

/// What is known beyond orders, by the numbers that persons have in the ledger. What was not read is `None`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Beyond {
    /// Forecasts, as they are today.
    pub expected: Option<HashMap<u32, Expected>>,
    /// Who consents to what.
    pub consents: Option<BTreeMap<ConsentTo, BTreeSet<u32>>>,
    /// Days of events, one entry each in the order of time: of those that were asked for.
    pub events: Option<BTreeMap<EventsAsked, HashMap<u32, Vec<Day>>>>,
}

/// What definitions ask for beyond orders, those that they name included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// Forecasts of customers.
    pub expected: bool,
    /// These consents.
    pub consents: BTreeSet<ConsentTo>,
    /// These events.
    pub events: BTreeSet<EventsAsked>,
    /// Columns or products of orders.
    pub details: bool,
}

impl Needs {
    /// Whether orders are enough.
    pub fn is_orders_only(&self) -> bool {
        !self.expected && self.consents.is_empty() && self.events.is_empty()
    }

    /// Adds what a definition asks for; `find` finds those that it names.
    pub fn add(&mut self, definition: &Condition, find: &dyn Fn(&str) -> Option<Condition>) {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![definition.clone()];
        while let Some(definition) = waiting.pop() {
            definition.walk(&mut |one| match one {
                Condition::Figure(figure) => self.expected |= figure.name.is_forecast(),
                Condition::Orders(orders) => {
                    self.details |= !orders.columns.is_empty() || !orders.products.is_empty();
                }
                Condition::Consent(ConsentCondition { channel, purpose, .. }) => {
                    self.consents.insert((channel.clone(), purpose.clone()));
                }
                Condition::Events(events) => {
                    self.events.insert(events.asked());
                }
                Condition::Segment(id) if seen.insert(id.clone()) => waiting.extend(find(id)),
                _ => {}
            });
        }
    }
}
