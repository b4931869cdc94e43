//! What each customer is worth: value so far, and what is expected of the next days.
//!
//! The purchase model says how often a customer will buy, the spend model how much a purchase is worth when it is placed,
//! and the conversion how much of the placed value remains on the chosen basis (after returns, after the cost of goods).

mod conversion;
mod engine;
mod forecast;
mod gate;
mod outcome;
mod season;
mod simulate;
mod summary_totals;
mod totals;

use clove_core::{Basis, Currency, Day, Persons, ShopData};
use clove_models::history::Histories;
use clove_models::purchase::PurchaseModelKind;

pub use conversion::Conversion;
use conversion::ConversionSums;
pub use engine::{Engine, EngineParts};
use forecast::ToForecast;
pub use forecast::{Forecast, KeptTable, Prediction, predict};
use gate::GateSums;
pub use gate::{Gate, missing_for_single_customers};
pub use season::Season;
pub use simulate::{TotalInterval, purchase_interval};
pub use summary_totals::{PARTS_OF_UNIT, summary_gate, summary_interval};
pub use totals::{GroupBy, GroupTotals, group_customers, totals_by};

use crate::customer_orders::CustomerOrders;
use crate::headlines::Expectation;
use crate::history::{Counting, CustomerHistory};
use crate::lifecycle::ThresholdSums;
use crate::order_values::OrderValues;
use crate::thresholds::Thresholds;

/// Which purchase model forecasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ModelChoice {
    /// The one that predicts best in a rolling back-test on the shop's own history.
    #[default]
    Auto,
    /// This one.
    Fixed(PurchaseModelKind),
}

/// What to compute.
#[derive(Debug, Clone, Copy)]
pub struct ValueOptions {
    /// As-of day, basis and refund rule.
    pub counting: Counting,
    /// Days to look ahead, from the day after the as-of day.
    pub horizon_days: u32,
    /// Yearly discount rate; 0 does not discount.
    pub discount_rate: f64,
    /// The purchase model.
    pub model: ModelChoice,
    /// Probability that an interval covers, 0.8 by default.
    pub level: f64,
    /// Seed of the simulation of totals.
    pub seed: u64,
}

impl ValueOptions {
    /// A year ahead, undiscounted, on net value, model by back-test.
    pub fn new(as_of: Day) -> ValueOptions {
        ValueOptions {
            counting: Counting { as_of, basis: Basis::Net, refund_date: clove_core::RefundDate::Order },
            horizon_days: 365,
            discount_rate: 0.0,
            model: ModelChoice::Auto,
            level: 0.8,
            seed: 20_260_630,
        }
    }
}

/// Where a customer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Bought within the usual gap.
    Active,
    /// Later than three of four customers who come back.
    AtRisk,
    /// Later than nineteen of twenty customers who come back.
    Lapsed,
    /// Has orders, but everything was returned.
    NoPurchase,
    /// A guest without any handle: cannot be recognised again.
    Guest,
}

impl Status {
    /// The stable name in files.
    pub fn name(self) -> &'static str {
        match self {
            Status::Active => "active",
            Status::AtRisk => "at_risk",
            Status::Lapsed => "lapsed",
            Status::NoPurchase => "no_purchase",
            Status::Guest => "guest",
        }
    }
}

/// The value of every customer with at least one order that counts.
pub struct CustomerValues<'a> {
    /// What was asked for.
    pub options: ValueOptions,
    /// The shop's currency.
    pub currency: Currency,
    /// The shop's data.
    pub shop: &'a ShopData,
    /// Who placed each order.
    pub persons: &'a Persons,
    /// Persons with at least one order that counts, in the order of person numbers, and their orders.
    pub orders: CustomerOrders<'a>,
    /// Where each of them stands.
    pub statuses: Vec<Status>,
    /// Days since the last purchase that bound the statuses.
    pub thresholds: Thresholds,
    /// Days after which nearly all that comes back has come back.
    pub return_delay_days: i32,
    /// From placed value to the basis.
    pub conversion: Conversion,
    /// Whether there is enough data for a forecast, and if not, why.
    pub gate: Gate,
    /// The forecast, if the gate is open.
    pub forecast: Option<Forecast>,
    /// How busy the days of the horizon were a year ago, where that can be told and the horizon is shorter than a year.
    pub season: Option<Season>,
}

impl CustomerValues<'_> {
    /// The name of the model that forecasts.
    pub fn model_name(&self) -> String {
        self.forecast.as_ref().map_or_else(|| "cohort-average".to_owned(), |forecast| forecast.engine.name.clone())
    }

    /// The persons, in the order of their numbers.
    pub fn customers(&self) -> &[u32] {
        &self.orders.customers
    }

    /// A customer's history.
    pub fn history(&self, index: usize) -> CustomerHistory {
        self.orders.history(index)
    }

    /// Whether a customer is identified.
    pub fn is_identified(&self, index: usize) -> bool {
        self.persons.identified[self.customers()[index] as usize]
    }

    /// The value expected of each customer had the customer bought today, in minor units; `None` where nothing is predicted.
    pub fn values_if_active(&self) -> Vec<Option<f64>> {
        let Some(forecast) = &self.forecast else { return vec![None; self.orders.len()] };
        let expected = forecast.expected_if_active(self.options.horizon_days);
        (0..self.orders.len())
            .map(|index| {
                let prediction = self.prediction(index)?;
                Some(expected[forecast.group_of[index] as usize] * prediction.expected_spend?)
            })
            .collect()
    }

    /// What is expected of each customer, as things are and had the customer bought today; `None` without a forecast.
    pub fn expectations(&self) -> Option<Vec<Expectation>> {
        self.forecast.as_ref()?;
        let active = self.values_if_active();
        let expectation = |index: usize| {
            let prediction = self.prediction(index)?;
            let now = prediction.value?;
            Some(Expectation {
                person: self.customers()[index],
                now,
                if_active: active[index].unwrap_or(now),
                purchases: prediction.expected_purchases,
                probability_of_purchase: prediction.probability_of_purchase,
            })
        };
        Some((0..self.orders.len()).filter_map(expectation).collect())
    }

    /// What is predicted of a customer; `None` for guests and for customers who kept nothing.
    pub fn prediction(&self, index: usize) -> Option<Prediction> {
        self.prediction_from(index, &self.history(index))
    }

    /// The same where the customer's history is at hand.
    pub fn prediction_from(&self, index: usize, history: &CustomerHistory) -> Option<Prediction> {
        if let Some(forecast) = &self.forecast {
            return forecast.prediction(index, history, &self.conversion);
        }
        let is_buyer = matches!(self.statuses[index], Status::Active | Status::AtRisk | Status::Lapsed);
        self.gate.average_prediction(is_buyer, self.options.horizon_days)
    }
}

/// Computes the value of every customer.
pub fn customer_values<'a>(shop: &'a ShopData, persons: &'a Persons, options: &ValueOptions) -> CustomerValues<'a> {
    let values = OrderValues::new(shop, options.counting.as_of);
    let delay = conversion::return_delay_days(shop, &values);
    let orders = CustomerOrders::new(values, &shop.adjustments, shop.has_amounts, persons, &options.counting, delay);
    let as_of = options.counting.as_of;
    let mut thresholds = ThresholdSums::default();
    orders.each_purchases(persons, |days| thresholds.add(days, as_of));
    let thresholds = thresholds.thresholds();
    // One pass over the histories, since making them is most of the work.
    let (mut conversion, mut gate) = (ConversionSums::default(), GateSums::default());
    let mut to_forecast = ToForecast::with_capacity(orders.len());
    let mut statuses = Vec::with_capacity(orders.len());
    for (history, &person) in orders.histories().zip(&orders.customers) {
        conversion.add(&history);
        let is_identified = persons.identified[person as usize];
        if is_identified {
            gate.add(&history, as_of);
            statuses.push(status(&history, as_of, &thresholds));
        } else {
            statuses.push(Status::Guest);
        }
        to_forecast.add(&history, is_identified, as_of);
    }
    let conversion = Conversion::new(&conversion, options.counting.basis, shop.has_amounts);
    let gate = gate.gate();
    let is_asked = options.model == ModelChoice::Auto || Season::can_matter(options.horizon_days);
    let purchases = if is_asked { orders.purchases(persons) } else { Histories::default() };
    let forecast = gate
        .is_open()
        .then(|| forecast::forecast(shop, &purchases, to_forecast, options))
        .transpose()
        .map_err(|error| error.to_string());
    let (gate, forecast) = match forecast {
        Ok(forecast) => (gate, forecast),
        Err(reason) => (gate.closed_because(reason), None),
    };
    CustomerValues {
        options: *options,
        currency: shop.currency,
        shop,
        persons,
        orders,
        statuses,
        thresholds,
        return_delay_days: delay,
        conversion,
        gate,
        forecast,
        season: Season::new(&purchases, as_of, options.horizon_days),
    }
}

/// Where an identified customer stands.
fn status(history: &CustomerHistory, as_of: Day, thresholds: &Thresholds) -> Status {
    if history.purchase_days == 0 {
        return Status::NoPurchase;
    }
    let (active, at_risk) = thresholds.for_purchases(history.purchase_days);
    match as_of.0 - history.last_purchase {
        days if days <= active => Status::Active,
        days if days <= at_risk => Status::AtRisk,
        _ => Status::Lapsed,
    }
}
