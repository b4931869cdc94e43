//! What goes wrong in a shop, stage by stage: each rule compares a metric with what is usual in the same shop, and says on what evidence,
//! whom it concerns and what to do.
//!
//! Usual is always the shop's own: its earlier customers, the same days of the year before, its own rhythm of orders. A difference counts
//! only if it is unlikely to be chance ([`UNLIKELY`]); where there is too little to tell, the rule says so instead of being silent.

use clove_core::segment::{Condition, DayCondition, DayName, OrdersCondition, Which, Window};
use clove_core::{Basis, Currency, Day, RefundDate};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Amount, Rate, SMALL_N};
use crate::ledger::{Customer, Ledger};
use crate::metrics::groups::{Groups, Membership};
use crate::metrics::span::{SpanOptions, SpanSums, span_sums};
use crate::payback::payback;
use crate::repeat::BUYS_AGAIN_DAYS;
use crate::segment::{READY, Segmenter};

/// Standard errors from which a difference counts: one chance in two hundred, since several rules are looked at.
pub const UNLIKELY: f64 = 2.58;
/// Ages at which customers of different times are compared.
const LTV_DAYS: i32 = 90;
/// Days that are compared with the same days a year before.
const RECENT_DAYS: i32 = 90;
/// How unlikely a pause in orders must be to be told.
const PAUSE_CHANCE: f64 = 1e-6;

/// What every rule looks at.
struct Shop<'l, 'a> {
    ledger: &'l Ledger<'a>,
}

/// What a rule says.
enum Outcome {
    Found(Box<Finding>),
    Fine,
    TooLittle(&'static str),
}

/// What a rule found.
struct Finding {
    evidence: String,
    value: f64,
    usual: Option<f64>,
    n: u64,
    at_stake: Option<Amount>,
    segment: Option<Condition>,
}

/// A rule.
struct Rule {
    id: &'static str,
    stage: &'static str,
    title: &'static str,
    metric: &'static str,
    action: &'static str,
    check: fn(&Shop<'_, '_>) -> Outcome,
}

/// A problem.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Problem {
    /// The rule's name.
    #[schema(example = "second_purchase_gap")]
    pub rule: &'static str,
    /// Where in the lifecycle: `awareness`, `engagement`, `conversion`, `retention`, `advocacy`, or `data`.
    pub stage: &'static str,
    /// What goes wrong.
    pub title: &'static str,
    /// The figures that say so, as a sentence.
    pub evidence: String,
    /// The metric that it is about.
    pub metric: &'static str,
    /// Its value.
    pub value: f64,
    /// What is usual in this shop; null where the rule has a fixed bound.
    pub usual: Option<f64>,
    /// How many customers or orders the value rests on.
    pub n: u64,
    /// The money concerned, where it can be told.
    #[schema(value_type = Option<String>)]
    pub at_stake: Option<Amount>,
    /// What to do.
    pub action: &'static str,
    /// Whom it concerns, as a segment's definition.
    #[schema(value_type = Option<Object>)]
    pub segment: Option<Condition>,
    /// How many customers these are.
    pub reach: Option<u64>,
}

/// What became of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Checked {
    /// The rule's name.
    pub rule: &'static str,
    /// Where in the lifecycle.
    pub stage: &'static str,
    /// What it looks for.
    pub title: &'static str,
    /// `found`, `fine`, or `too_little` data to tell.
    pub outcome: &'static str,
    /// What is missing, if something is.
    pub note: Option<&'static str>,
}

/// Everything that was looked for.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Problems {
    /// The last day that counts.
    pub as_of: String,
    /// The currency of amounts.
    pub currency: String,
    /// What was found: where money is known the most first, then the others.
    pub found: Vec<Problem>,
    /// Every rule, with what became of it.
    pub checked: Vec<Checked>,
}

const RULES: [Rule; 9] = [
    Rule {
        id: "cart_abandonment",
        stage: "conversion",
        title: "More carts are left at the checkout than before",
        metric: "cart_abandonment_rate",
        action: "go through the checkout yourself on a phone; look at shipping cost and ways to pay, then remind those who left",
        check: cart_abandonment,
    },
    Rule {
        id: "late_good_customers",
        stage: "retention",
        title: "Good customers are late",
        metric: "at_risk_customers",
        action: "write to them before they lapse: a reminder first, an offer only to those who stay silent",
        check: late_good_customers,
    },
    Rule {
        id: "second_purchase_gap",
        stage: "retention",
        title: "Fewer new customers come back than before",
        metric: "buys_again_180",
        action: "follow up after the first order: usage tips, a related product, a reason to return within the usual gap",
        check: second_purchase_gap,
    },
    Rule {
        id: "cohort_decay",
        stage: "retention",
        title: "New customers are worth less than earlier ones",
        metric: "ltv",
        action: "compare first products, channels and discounts of both groups: `by` first_product or channel",
        check: cohort_decay,
    },
    Rule {
        id: "discount_dependency",
        stage: "conversion",
        title: "More orders need a discount than a year ago",
        metric: "discount_share_orders",
        action: "send no codes to full-price buyers; test smaller discounts against a hold-out",
        check: discount_dependency,
    },
    Rule {
        id: "returns_rise",
        stage: "conversion",
        title: "More orders come back than before",
        metric: "refund_rate_orders",
        action: "look at the products and channels of returned orders; mend descriptions and sizes first",
        check: returns_rise,
    },
    Rule {
        id: "channel_below_cost",
        stage: "awareness",
        title: "A channel costs more than its customers bring",
        metric: "cac",
        action: "lower its budget, or its target cost per customer, until value at 90 days covers it",
        check: channel_below_cost,
    },
    Rule {
        id: "orders_pause",
        stage: "data",
        title: "Days without any order",
        metric: "orders",
        action: "check the shop's connection and its exports for those days, and import what is missing",
        check: orders_pause,
    },
    Rule {
        id: "unknown_customers",
        stage: "data",
        title: "Many orders have no e-mail, phone or customer id",
        metric: "identified_customers",
        action: "ask for an e-mail address at the till and at guest checkout: without it nobody can be seen to come back",
        check: unknown_customers,
    },
];

/// Looks for every problem as of the ledger's day.
pub fn problems(ledger: &Ledger<'_>) -> Problems {
    let shop = Shop { ledger };
    let segmenter = Segmenter::new(ledger);
    let find = |id: &str| READY.iter().find(|segment| segment.id == id).map(|segment| segment.definition.clone());
    let (mut found, mut checked) = (Vec::new(), Vec::new());
    for rule in &RULES {
        let (outcome, note) = match (rule.check)(&shop) {
            Outcome::Fine => ("fine", None),
            Outcome::TooLittle(note) => ("too_little", Some(note)),
            Outcome::Found(finding) => {
                let Finding { evidence, value, usual, n, at_stake, segment } = *finding;
                let members = segment.as_ref().and_then(|definition| segmenter.members(definition, &find).ok());
                let reach = members.map(|members| members.inside.iter().filter(|inside| **inside).count() as u64);
                found.push(Problem {
                    rule: rule.id,
                    stage: rule.stage,
                    title: rule.title,
                    evidence,
                    metric: rule.metric,
                    value,
                    usual,
                    n,
                    at_stake,
                    action: rule.action,
                    segment,
                    reach,
                });
                ("found", None)
            }
        };
        checked.push(Checked { rule: rule.id, stage: rule.stage, title: rule.title, outcome, note });
    }
    found.sort_by_key(|problem| std::cmp::Reverse(problem.at_stake.map_or(0, |amount| amount.minor)));
    Problems { as_of: ledger.as_of().to_string(), currency: ledger.currency().code().to_owned(), found, checked }
}

/// By how many standard errors the first share lies above the second, both rates taken as equal for the error.
fn shares_apart(one: Rate, other: Rate) -> Option<f64> {
    let (n, m) = (one.denominator as f64, other.denominator as f64);
    let pooled = (one.numerator + other.numerator) as f64 / (n + m);
    let error = (pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m)).sqrt();
    (error > 0.0).then(|| (one.value.unwrap_or(0.0) - other.value.unwrap_or(0.0)) / error)
}

/// Mean, variance of the mean, and how many.
fn mean(values: &[f64]) -> (f64, f64, u64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
    (mean, variance / n, values.len() as u64)
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

impl Shop<'_, '_> {
    fn as_of(&self) -> Day {
        self.ledger.as_of()
    }

    fn currency(&self) -> Currency {
        self.ledger.currency()
    }

    /// Days ago.
    fn ago(&self, days: i32) -> Day {
        Day(self.as_of().0 - days)
    }

    fn sums(&self, from: Day, until: Day) -> SpanSums {
        let options = SpanOptions { from: Some(from), until, basis: Basis::Net, members: Membership::EVERYONE };
        span_sums(self.ledger, &options, &Groups::one()).swap_remove(0)
    }

    /// The first day with an order that counts.
    fn first_day(&self) -> Option<Day> {
        self.ledger.customers().iter().map(|customer| customer.first_day).min()
    }

    /// Identified customers whose first order lies in a span.
    fn acquired(&self, from: Day, until: Day) -> impl Iterator<Item = &Customer> {
        let inside = move |customer: &&Customer| customer.identified && (from..=until).contains(&customer.first_day);
        self.ledger.customers().iter().filter(inside)
    }

    /// Of customers acquired in a span, those with a second purchase within 180 days of the first.
    fn buys_again(&self, from: Day, until: Day) -> Rate {
        let (mut again, mut all) = (0, 0);
        for customer in self.acquired(from, until) {
            let mut purchases = self.ledger.purchases_of(customer).map(|order| self.ledger.day(order));
            let Some(first) = purchases.next() else { continue };
            all += 1;
            again += u64::from(purchases.next().is_some_and(|second| second.since(first) <= BUYS_AGAIN_DAYS));
        }
        Rate::new(again, all)
    }

    /// Net value within 90 days of each customer acquired in a span, in major units.
    fn early_values(&self, from: Day, until: Day) -> Vec<f64> {
        let value = |customer: &Customer| {
            let early = self
                .ledger
                .orders_of(customer)
                .iter()
                .filter(|&&order| self.ledger.day(order).since(customer.first_day) <= LTV_DAYS);
            let sum: i64 = early.map(|&order| self.ledger.values().net(order as usize)).sum();
            self.currency().to_major(sum)
        };
        self.acquired(from, until).map(value).collect()
    }
}

/// Days of checkouts that are looked at, and three times as many before them.
const CART_DAYS: i32 = 30;

fn cart_abandonment(shop: &Shop<'_, '_>) -> Outcome {
    let begin = shop.ago(CART_DAYS - 1);
    let recent = shop.sums(begin, shop.as_of()).carts;
    let before = shop.sums(shop.ago(4 * CART_DAYS - 1), Day(begin.0 - 1)).carts;
    let (Some(recent), Some(before)) = (recent, before) else {
        return Outcome::TooLittle("nobody tells of checkouts: connect the storefront or the shop's webhooks");
    };
    let (now, usual) = (Rate::new(recent.abandoned, recent.checkouts), Rate::new(before.abandoned, before.checkouts));
    if now.denominator < SMALL_N || usual.denominator < SMALL_N {
        return Outcome::TooLittle("fewer than 30 checkouts in the last 30 days, or in the 90 before");
    }
    if shares_apart(now, usual).is_none_or(|errors| errors < UNLIKELY) {
        return Outcome::Fine;
    }
    let at_stake = Amount::new(recent.abandoned_value, shop.currency());
    Outcome::Found(Box::new(Finding {
        evidence: format!(
            "{} of the {} checkouts of the last {CART_DAYS} days were left without an order; in the 90 days before it was {}",
            percent(now.value.unwrap_or(0.0)),
            now.denominator,
            percent(usual.value.unwrap_or(0.0)),
        ),
        value: now.value.unwrap_or(0.0),
        usual: usual.value,
        n: now.denominator,
        at_stake: (recent.abandoned_value > 0).then_some(at_stake),
        segment: READY.iter().find(|segment| segment.id == "cart_abandoner").map(|segment| segment.definition.clone()),
    }))
}

fn late_good_customers(shop: &Shop<'_, '_>) -> Outcome {
    if !shop.ledger.shop().has_amounts {
        return Outcome::TooLittle("amounts are not known");
    }
    let Some(ready) = READY.iter().find(|segment| segment.id == "late_good") else { return Outcome::Fine };
    let segmenter = Segmenter::new(shop.ledger);
    let Ok(members) = segmenter.members(&ready.definition, &|_| None) else { return Outcome::Fine };
    let figures = segmenter.summary(&members);
    let reach = figures.customers.numerator;
    if figures.customers.denominator < SMALL_N {
        return Outcome::TooLittle("fewer than 30 identified customers");
    }
    if reach == 0 {
        return Outcome::Fine;
    }
    let late = segmenter.figures().iter().zip(&members.inside).filter(|(_, inside)| **inside);
    let year: i64 = late.map(|(figures, _)| figures.value_12_months).sum();
    let at_stake = Amount::new(year.max(0), shop.currency());
    let evidence = format!(
        "{reach} customers of the best quarter by value of the last 24 months are later than three of four who come back; they brought {} {} in the last 12 months",
        shop.currency().format(at_stake.minor),
        shop.currency(),
    );
    Outcome::Found(Box::new(Finding {
        evidence,
        value: reach as f64,
        usual: None,
        n: figures.customers.denominator,
        at_stake: Some(at_stake),
        segment: Some(Condition::Segment("late_good".to_owned())),
    }))
}

fn second_purchase_gap(shop: &Shop<'_, '_>) -> Outcome {
    // Everybody compared has had 180 days to come back.
    let recent = shop.buys_again(shop.ago(BUYS_AGAIN_DAYS + 182), shop.ago(BUYS_AGAIN_DAYS));
    let earlier = shop.buys_again(shop.ago(BUYS_AGAIN_DAYS + 547), shop.ago(BUYS_AGAIN_DAYS + 183));
    if recent.small || earlier.small {
        return Outcome::TooLittle(
            "fewer than 30 customers who have been known for 180 days, or none from before them",
        );
    }
    if shares_apart(earlier, recent).is_none_or(|apart| apart < UNLIKELY) {
        return Outcome::Fine;
    }
    let (now, before) = (recent.value.unwrap_or(0.0), earlier.value.unwrap_or(0.0));
    Outcome::Found(Box::new(Finding {
        evidence: format!(
            "{} of the {} customers won in the half year up to {} bought again within 180 days, {} of the {} won in the year before",
            percent(now),
            recent.denominator,
            shop.ago(BUYS_AGAIN_DAYS),
            percent(before),
            earlier.denominator
        ),
        value: now,
        usual: Some(before),
        n: recent.denominator,
        at_stake: None,
        segment: Some(Condition::Segment("first_time".to_owned())),
    }))
}

fn cohort_decay(shop: &Shop<'_, '_>) -> Outcome {
    if !shop.ledger.shop().has_amounts {
        return Outcome::TooLittle("amounts are not known");
    }
    let (until, from) = (shop.ago(LTV_DAYS), shop.ago(LTV_DAYS + 90));
    // The same season a year before, so that like is compared with like.
    let recent = shop.early_values(from, until);
    let earlier = shop.early_values(shop.ago(LTV_DAYS + 90 + 365), shop.ago(LTV_DAYS + 365));
    if (recent.len() as u64) < SMALL_N || (earlier.len() as u64) < SMALL_N {
        return Outcome::TooLittle(
            "fewer than 30 customers of one quarter who have been known for 90 days, this year or the year before",
        );
    }
    let ((now, error, n), (before, error_before, _)) = (mean(&recent), mean(&earlier));
    let apart = (before - now) / (error + error_before).sqrt();
    if !apart.is_finite() || apart < UNLIKELY {
        return Outcome::Fine;
    }
    let lost = shop.currency().minor_per_major() as f64 * (before - now) * n as f64;
    Outcome::Found(Box::new(Finding {
        evidence: format!(
            "{n} customers won from {from} to {until} brought {now:.2} {currency} each within 90 days; those won in the same days a year before {before:.2} {currency}",
            currency = shop.currency()
        ),
        value: now,
        usual: Some(before),
        n,
        at_stake: Some(Amount::new(clove_core::round_half_even(lost), shop.currency())),
        segment: Some(acquired_within(from, until)),
    }))
}

fn acquired_within(from: Day, until: Day) -> Condition {
    let when = Window { from: Some(from.to_string()), until: Some(until.to_string()), ..Window::default() };
    Condition::Day(DayCondition { name: DayName::FirstOrder, when })
}

fn discount_dependency(shop: &Shop<'_, '_>) -> Outcome {
    if !shop.ledger.shop().has_amounts {
        return Outcome::TooLittle("amounts are not known");
    }
    if shop.ledger.shop().orders.discount.iter().all(|&discount| discount == 0) {
        return Outcome::TooLittle("no discounts are known");
    }
    let share = |sums: &SpanSums| Rate::new(sums.discounted_orders, sums.orders);
    let recent = shop.sums(shop.ago(RECENT_DAYS - 1), shop.as_of());
    let earlier = shop.sums(shop.ago(RECENT_DAYS - 1 + 365), shop.ago(365));
    let (now, before) = (share(&recent), share(&earlier));
    if now.small || before.small {
        return Outcome::TooLittle("fewer than 30 orders in the last 90 days, or in the same days a year before");
    }
    if shares_apart(now, before).is_none_or(|apart| apart < UNLIKELY) {
        return Outcome::Fine;
    }
    let orders = OrdersCondition {
        discounted: Some(true),
        when: Window { within_days: Some(RECENT_DAYS as u32 - 1), ..Window::default() },
        ..OrdersCondition::default()
    };
    Outcome::Found(Box::new(Finding {
        evidence: format!(
            "{} of {} orders of the last {RECENT_DAYS} days had a discount, {} of {} in the same days a year before",
            percent(now.value.unwrap_or(0.0)),
            now.denominator,
            percent(before.value.unwrap_or(0.0)),
            before.denominator
        ),
        value: now.value.unwrap_or(0.0),
        usual: before.value,
        n: now.denominator,
        at_stake: Some(Amount::new(recent.discounts, shop.currency())),
        segment: Some(Condition::Orders(orders)),
    }))
}

fn returns_rise(shop: &Shop<'_, '_>) -> Outcome {
    if shop.ledger.shop().adjustments.is_empty() {
        return Outcome::TooLittle("no returns are known");
    }
    // Orders that are young enough to come back say nothing yet.
    let delay = shop.ledger.return_delay_days();
    let share = |from: Day, until: Day| {
        let sums = shop.sums(from, until);
        Rate::new(sums.returned_orders, sums.orders)
    };
    let (from, until) = (shop.ago(delay + RECENT_DAYS - 1), shop.ago(delay));
    let (now, before) = (share(from, until), share(shop.ago(delay + RECENT_DAYS + 364), shop.ago(delay + RECENT_DAYS)));
    if now.small || before.small {
        return Outcome::TooLittle(
            "fewer than 30 orders that are old enough to have come back, or none from the year before them",
        );
    }
    if shares_apart(now, before).is_none_or(|apart| apart < UNLIKELY) {
        return Outcome::Fine;
    }
    let orders = OrdersCondition {
        which: Which::Any,
        when: Window { from: Some(from.to_string()), until: Some(until.to_string()), ..Window::default() },
        kept: Some(false),
        ..OrdersCondition::default()
    };
    Outcome::Found(Box::new(Finding {
        evidence: format!(
            "something came back of {} of the {} orders from {from} to {until}, of {} in the year before",
            percent(now.value.unwrap_or(0.0)),
            now.denominator,
            percent(before.value.unwrap_or(0.0))
        ),
        value: now.value.unwrap_or(0.0),
        usual: before.value,
        n: now.denominator,
        at_stake: None,
        segment: Some(Condition::Orders(orders)),
    }))
}

fn channel_below_cost(shop: &Shop<'_, '_>) -> Outcome {
    if shop.ledger.shop().spend.is_empty() {
        return Outcome::TooLittle("no costs of acquisition are known");
    }
    let is_known = |&order: &u32| shop.ledger.values().value(order as usize, Basis::Contribution).is_some();
    let basis = if shop.ledger.orders().iter().any(is_known) { Basis::Contribution } else { Basis::Net };
    let answer = payback(shop.ledger, basis, RefundDate::Order);
    if answer.channels.is_empty() {
        return Outcome::TooLittle("orders or costs have no channel");
    }
    let losing = answer.channels.iter().filter_map(|row| {
        let cost = row.paid_cac.as_ref().filter(|cost| !cost.small)?.as_f64()?;
        let (age, value) = row.curve.iter().rev().find(|(age, _)| *age <= LTV_DAYS).copied()?;
        (value < cost).then_some((row, cost, age, value))
    });
    let Some((row, cost, age, value)) = losing.min_by(|a, b| (a.3 / a.1).total_cmp(&(b.3 / b.1))) else {
        return Outcome::Fine;
    };
    let channel = row.channel.clone().unwrap_or_default();
    let currency = shop.currency();
    let first = OrdersCondition {
        which: Which::First,
        columns: std::iter::once(("channel".to_owned(), vec![channel.clone()])).collect(),
        ..OrdersCondition::default()
    };
    let lost = (cost - value) * row.new_customers as f64 * currency.minor_per_major() as f64;
    Outcome::Found(Box::new(Finding {
        evidence: format!(
            "a customer from {channel} costs {cost:.2} {currency} and brings {value:.2} {currency} ({basis}) in {age} days; {} came from there",
            row.new_customers
        ),
        value: cost,
        usual: Some(value),
        n: row.new_customers,
        at_stake: Some(Amount::new(clove_core::round_half_even(lost), currency)),
        segment: Some(Condition::Orders(first)),
    }))
}

fn orders_pause(shop: &Shop<'_, '_>) -> Outcome {
    let Some(first) = shop.first_day() else { return Outcome::TooLittle("no order counts") };
    let begin = first.max(shop.ago(364));
    let days = f64::from(shop.as_of().since(begin) + 1);
    let mut known: Vec<Day> =
        shop.ledger.orders().iter().map(|&order| shop.ledger.day(order)).filter(|&day| day >= begin).collect();
    if days < 60.0 || (known.len() as u64) < SMALL_N {
        return Outcome::TooLittle("fewer than 60 days or 30 orders in the last year");
    }
    let rate = known.len() as f64 / days;
    known.sort_unstable();
    known.dedup();
    // The last day may not be over.
    known.push(shop.as_of());
    let pause = known.windows(2).map(|pair| (pair[1].since(pair[0]) - 1, pair[0])).max_by_key(|(days, _)| *days);
    let Some((length, before)) = pause.filter(|(days, _)| *days > 0) else { return Outcome::Fine };
    if (-rate * f64::from(length)).exp() * days > PAUSE_CHANCE {
        return Outcome::Fine;
    }
    let (from, until) = (Day(before.0 + 1), Day(before.0 + length));
    Outcome::Found(Box::new(Finding {
        evidence: format!("no order from {from} to {until} ({length} days), where {rate:.1} a day are usual"),
        value: f64::from(length),
        usual: Some(0.0),
        n: shop.ledger.orders().len() as u64,
        at_stake: None,
        segment: None,
    }))
}

fn unknown_customers(shop: &Shop<'_, '_>) -> Outcome {
    let recent = shop.sums(shop.ago(RECENT_DAYS - 1), shop.as_of());
    let known = Rate::new(recent.identified, recent.customers);
    if known.small {
        return Outcome::TooLittle("fewer than 30 customers in the last 90 days");
    }
    let share = known.value.unwrap_or(1.0);
    if share >= 0.8 {
        return Outcome::Fine;
    }
    Outcome::Found(Box::new(Finding {
        evidence: format!(
            "{} of the {} customers of the last {RECENT_DAYS} days are known by nothing: 20 % is the bound",
            percent(1.0 - share),
            known.denominator
        ),
        value: share,
        usual: Some(0.8),
        n: known.denominator,
        at_stake: None,
        segment: None,
    }))
}
