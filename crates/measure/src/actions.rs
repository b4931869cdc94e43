//! What to do next: actions with what each may gain and cost, line by line, ranked by what is left.
//!
//! gain = customers reached x share that answers x value of one answer; net = gain - cost. What is measured, what the model expects and
//! what is only assumed is told with each line: assumptions are few, and can be set ([`ActionOptions`]).

use std::collections::HashMap;

use clove_core::segment::{Condition, FigureCondition, FigureName, OrdersCondition, StageName, Which};
use clove_core::{Basis, Currency, Minor, RefundDate, round_half_even};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Amount;
use crate::headlines::Expectation;
use crate::ledger::Ledger;
use crate::payback::payback;
use crate::segment::{READY, Segmenter};

/// Ages within which a channel's customers should earn back what they cost.
const EARLY_DAYS: i32 = 90;
/// Share kept apart to prove that an action worked.
const HOLD_OUT: f64 = 0.2;
/// Standard errors of the smallest effect that a hold-out shows: found four times of five (0.84), and by chance once in twenty (1.96).
const VISIBLE: f64 = 2.8;

/// What has to be assumed. Shares are of 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ActionOptions {
    /// Of those who get a message in time, how many more come back than otherwise.
    pub answer_share: f64,
    /// The same of those who had gone.
    pub lapsed_answer_share: f64,
    /// What a message costs, in major units.
    pub contact_cost: f64,
    /// What an offer takes off the order that it brings.
    pub offer_share: f64,
}

impl Default for ActionOptions {
    /// 5 of 100 answer, 1 of 100 of those who had gone; 0.02 a message; offers of 10 %.
    fn default() -> Self {
        ActionOptions { answer_share: 0.05, lapsed_answer_share: 0.01, contact_cost: 0.02, offer_share: 0.1 }
    }
}

/// A line of the arithmetic.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ArithmeticLine {
    /// What it is.
    #[schema(example = "customers reached")]
    pub label: &'static str,
    /// Its value; money in major units.
    pub value: f64,
    /// `customers`, `money`, `share` or `purchases`.
    pub unit: &'static str,
    /// `measured` in the shop's data, expected by the `model`, `assumed`, or the `result` of the lines above.
    pub source: &'static str,
}

/// Something to do.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Action {
    /// Its name.
    #[schema(example = "win_second_order")]
    pub id: &'static str,
    /// Where in the lifecycle: `awareness`, `conversion` or `retention`.
    pub stage: &'static str,
    /// What to do, in a sentence.
    pub title: String,
    /// Why.
    pub reason: String,
    /// `reminder`, `follow_up`, `offer`, `no_discount` or `budget`.
    pub kind: &'static str,
    /// Whom it concerns, as a segment's definition.
    #[schema(value_type = Object)]
    pub segment: Condition,
    /// How many customers these are.
    pub reach: u64,
    /// What it may bring or save within 12 months.
    #[schema(value_type = String)]
    pub gain: Amount,
    /// What it costs.
    #[schema(value_type = String)]
    pub cost: Amount,
    /// Gain less cost: what actions are ranked by.
    #[schema(value_type = String)]
    pub net: Amount,
    /// How gain and cost come about.
    pub arithmetic: Vec<ArithmeticLine>,
    /// How to prove that it worked; null where nobody is written to.
    pub hold_out: Option<HoldOut>,
}

/// Customers to keep apart, so that the action can be compared with doing nothing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct HoldOut {
    /// How many.
    pub customers: u64,
    /// How many of those reached are expected to buy within 12 months without the action, of 1; null without a model.
    pub expected_share: Option<f64>,
    /// The smallest difference of shares that would show.
    pub smallest_effect: f64,
}

/// Everything that is worth doing.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Actions {
    /// The last day that counts.
    pub as_of: String,
    /// The currency of amounts.
    pub currency: String,
    /// Whether a model's forecasts are in the gains; else only the one order that an answer brings.
    pub has_forecasts: bool,
    /// The actions: the most valuable first.
    pub actions: Vec<Action>,
}

/// Whom a message goes to, and what it is.
struct Message {
    id: &'static str,
    stage: &'static str,
    kind: &'static str,
    title: &'static str,
    reason: String,
    segment: Condition,
    lapsed: bool,
}

struct Room<'l, 'a> {
    ledger: &'l Ledger<'a>,
    segmenter: Segmenter<'l, 'a>,
    expected: Option<HashMap<u32, Expectation>>,
    options: ActionOptions,
}

/// Finds what is worth doing as of the ledger's day. `expectations` may come in any order; without them gains are of one order each.
pub fn actions(ledger: &Ledger<'_>, expectations: Option<&[Expectation]>, options: ActionOptions) -> Actions {
    let room = Room {
        ledger,
        segmenter: Segmenter::new(ledger),
        expected: expectations.map(|all| all.iter().map(|one| (one.person, *one)).collect()),
        options,
    };
    let mut actions = Vec::new();
    if ledger.shop().has_amounts {
        actions.extend(messages().into_iter().filter_map(|message| room.write(message)));
        actions.extend(room.spare_discounts());
        actions.extend(room.spend_less());
    }
    actions.sort_by_key(|action| std::cmp::Reverse(action.net.minor));
    Actions {
        as_of: ledger.as_of().to_string(),
        currency: ledger.currency().code().to_owned(),
        has_forecasts: room.expected.is_some(),
        actions,
    }
}

fn messages() -> Vec<Message> {
    let once = FigureCondition {
        name: FigureName::PurchaseDays,
        at_least: Some(1.0),
        at_most: Some(1.0),
        above: None,
        below: None,
        at_least_percentile: None,
        below_percentile: None,
    };
    vec![
        Message {
            id: "win_back_late",
            stage: "retention",
            kind: "reminder",
            title: "Write to the good customers who are late",
            reason: "They are among the best quarter by value of the last 24 months, and later than three of four who come back."
                .to_owned(),
            segment: Condition::Segment("late_good".to_owned()),
            lapsed: false,
        },
        Message {
            id: "win_second_order",
            stage: "retention",
            kind: "follow_up",
            title: "Win the second order",
            reason: "They bought once and are still inside the usual gap; after it few come back.".to_owned(),
            segment: Condition::All(vec![Condition::Figure(once), Condition::Stage(vec![StageName::Active])]),
            lapsed: false,
        },
        Message {
            id: "win_back_lapsed",
            stage: "retention",
            kind: "offer",
            title: "Offer something to full-price buyers who left after one order",
            reason: "They bought once, without a discount, and are later than nineteen of twenty who come back.".to_owned(),
            segment: Condition::Segment("one_time_full_price".to_owned()),
            lapsed: true,
        },
    ]
}

fn find(id: &str) -> Option<Condition> {
    READY.iter().find(|segment| segment.id == id).map(|segment| segment.definition.clone())
}

fn line(label: &'static str, value: f64, unit: &'static str, source: &'static str) -> ArithmeticLine {
    ArithmeticLine { label, value, unit, source }
}

impl Room<'_, '_> {
    fn currency(&self) -> Currency {
        self.ledger.currency()
    }

    fn major(&self, minor: f64) -> f64 {
        minor / self.currency().minor_per_major() as f64
    }

    fn amount(&self, minor: f64) -> Amount {
        Amount::new(round_half_even(minor) as Minor, self.currency())
    }

    /// Places in the ledger of a segment's customers.
    fn members(&self, segment: &Condition) -> Vec<usize> {
        let Ok(members) = self.segmenter.members(segment, &find) else { return Vec::new() };
        members.inside.iter().enumerate().filter(|(_, inside)| **inside).map(|(index, _)| index).collect()
    }

    fn expectation(&self, index: usize) -> Option<&Expectation> {
        self.expected.as_ref()?.get(&self.ledger.customers()[index].person)
    }

    /// Mean value of a purchase of some customers, as it was.
    fn mean_purchase(&self, members: &[usize]) -> f64 {
        let figures = self.segmenter.figures();
        let value: Minor = members.iter().map(|&index| figures[index].kept_value).sum();
        let purchases: u64 = members.iter().map(|&index| u64::from(figures[index].purchases)).sum();
        value as f64 / purchases.max(1) as f64
    }

    /// A message: who answers places an order now, and is a customer again.
    fn write(&self, message: Message) -> Option<Action> {
        let members = self.members(&message.segment);
        if members.is_empty() {
            return None;
        }
        let reach = members.len() as f64;
        let minor = self.currency().minor_per_major() as f64;
        let share = if message.lapsed { self.options.lapsed_answer_share } else { self.options.answer_share };
        let order = self.mean_purchase(&members);
        let regained = self.expected.as_ref().map(|_| {
            let one = |&index: &usize| self.expectation(index).map_or(0.0, |one| (one.if_active - one.now).max(0.0));
            members.iter().map(one).sum::<f64>() / reach
        });
        let answers = reach * share;
        let gain = answers * (order + regained.unwrap_or(0.0));
        let offer = if message.kind == "offer" { self.options.offer_share } else { 0.0 };
        let cost = reach * self.options.contact_cost * minor + answers * order * offer;
        let mut arithmetic = vec![
            line("customers reached", reach, "customers", "measured"),
            line("of them come back who otherwise would not", share, "share", "assumed"),
            line("value of the order that each of these places", self.major(order), "money", "measured"),
        ];
        arithmetic.extend(regained.map(|regained| {
            line("more expected of each in the 12 months after, bought today", self.major(regained), "money", "model")
        }));
        arithmetic.push(line("gain", self.major(gain), "money", "result"));
        arithmetic.push(line("cost of a message", self.options.contact_cost, "money", "assumed"));
        if offer > 0.0 {
            arithmetic.push(line("taken off each of these orders", offer, "share", "assumed"));
        }
        arithmetic.push(line("cost", self.major(cost), "money", "result"));
        Some(Action {
            id: message.id,
            stage: message.stage,
            title: message.title.to_owned(),
            reason: message.reason,
            kind: message.kind,
            reach: members.len() as u64,
            gain: self.amount(gain),
            cost: self.amount(cost),
            net: self.amount(gain - cost),
            arithmetic,
            hold_out: Some(self.hold_out(&members)),
            segment: message.segment,
        })
    }

    fn hold_out(&self, members: &[usize]) -> HoldOut {
        let apart = (members.len() as f64 * HOLD_OUT).ceil().min(members.len() as f64);
        let known: Vec<f64> =
            members.iter().filter_map(|&index| self.expectation(index)?.probability_of_purchase).collect();
        let expected_share = (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64);
        let (p, written) = (expected_share.unwrap_or(0.5), (members.len() as f64 - apart).max(1.0));
        let smallest_effect = VISIBLE * (p * (1.0 - p) * (1.0 / apart.max(1.0) + 1.0 / written)).sqrt();
        HoldOut { customers: apart as u64, expected_share, smallest_effect: smallest_effect.min(1.0) }
    }

    /// Who buys at full price anyway is sent no code: it would only be used.
    fn spare_discounts(&self) -> Option<Action> {
        let segment = Condition::Segment("full_price".to_owned());
        let members = self.members(&segment);
        let orders = &self.ledger.shop().orders;
        let purchases = self.ledger.orders().iter().filter(|&&order| self.ledger.values().is_purchase(order as usize));
        let (mut all, mut discounted, mut given) = (0_u64, 0_u64, 0);
        for &order in purchases {
            let discount = orders.discount_of(order as usize);
            all += 1;
            discounted += u64::from(discount > 0);
            given += discount;
        }
        if members.is_empty() || discounted == 0 {
            return None;
        }
        let reach = members.len() as f64;
        let (share, discount) = (discounted as f64 / all as f64, given as f64 / discounted as f64);
        let (expected, source) = match &self.expected {
            Some(_) => {
                let of = |&index: &usize| self.expectation(index).map_or(0.0, |one| one.purchases);
                (members.iter().map(of).sum::<f64>() / reach, "model")
            }
            // Without a model: as many as in the year that went by, or in the time that the customer is known.
            None => {
                let figures = self.segmenter.figures();
                let a_year = |&index: &usize| {
                    let known = self.ledger.as_of().since(figures[index].first_order).max(1);
                    f64::from(figures[index].purchases) * 365.0 / f64::from(known.max(365))
                };
                (members.iter().map(a_year).sum::<f64>() / reach, "measured")
            }
        };
        let gain = reach * expected * share * discount;
        Some(Action {
            id: "spare_discounts",
            stage: "conversion",
            title: "Send no discount codes to full-price buyers".to_owned(),
            reason: "They bought at least twice, never with a discount: a code would only lower the margin.".to_owned(),
            kind: "no_discount",
            segment,
            reach: members.len() as u64,
            gain: self.amount(gain),
            cost: self.amount(0.0),
            net: self.amount(gain),
            arithmetic: vec![
                line("customers who would get codes", reach, "customers", "measured"),
                line("purchases of each within 12 months", expected, "purchases", source),
                line("share of purchases with a discount in this shop", share, "share", "measured"),
                line("discount of such a purchase", self.major(discount), "money", "measured"),
                line("spared if they used codes as others do", self.major(gain), "money", "result"),
            ],
            hold_out: None,
        })
    }

    /// Channels whose customers cost more than they bring early on.
    fn spend_less(&self) -> Vec<Action> {
        if self.ledger.shop().spend.is_empty() {
            return Vec::new();
        }
        let is_known = |&order: &u32| self.ledger.values().value(order as usize, Basis::Contribution).is_some();
        let basis = if self.ledger.orders().iter().any(is_known) { Basis::Contribution } else { Basis::Net };
        let answer = payback(self.ledger, basis, RefundDate::Order);
        let minor = self.currency().minor_per_major() as f64;
        let losing = answer.channels.iter().filter_map(|row| {
            let channel = row.channel.clone()?;
            let cost = row.paid_cac.as_ref().filter(|cost| !cost.small)?.as_f64()?;
            let (age, value) = row.curve.iter().rev().find(|(age, _)| *age <= EARLY_DAYS).copied()?;
            (value < cost).then_some((row, channel, cost, age, value))
        });
        losing
            .map(|(row, channel, cost, age, value)| {
                let first = OrdersCondition {
                    which: Which::First,
                    columns: std::iter::once(("channel".to_owned(), vec![channel.clone()])).collect(),
                    ..OrdersCondition::default()
                };
                let reach = row.new_customers as f64;
                let gain = (cost - value) * reach * minor;
                Action {
                    id: "spend_less",
                    stage: "awareness",
                    title: format!("Spend less on {channel}"),
                    reason: format!(
                        "A customer from there has not earned back what it cost after {age} days ({basis})."
                    ),
                    kind: "budget",
                    segment: Condition::Orders(first),
                    reach: row.new_customers,
                    gain: self.amount(gain),
                    cost: self.amount(0.0),
                    net: self.amount(gain),
                    arithmetic: vec![
                        line("customers who came from there", reach, "customers", "measured"),
                        line("cost of each", cost, "money", "measured"),
                        line("value of each at that age", value, "money", "measured"),
                        line("spared, had they not been bought", self.major(gain), "money", "result"),
                    ],
                    hold_out: None,
                }
            })
            .collect()
    }
}
