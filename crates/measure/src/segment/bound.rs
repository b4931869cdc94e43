//! Definitions bound to a shop, asked of its customers, and when time alone may change the answer.

use std::collections::{BTreeSet, HashMap, HashSet};

use clove_core::segment::{
    Condition, DayCondition, EventsCondition, FigureCondition, FigureName, OrdersCondition, StageName, Which, Window,
};
use clove_core::{Attribute, Basis, Day, NONE, RefundDate};

use super::lines::LinesByOrder;
use super::{Cut, FindSegment, SegmentError, Segmenter, scale};
use crate::history::Counting;
use crate::lifecycle::Stage;

/// Segments within segments at most.
const DEEPEST: usize = 5;

/// A definition bound to a shop: other segments, columns, products and percentiles are looked up.
#[derive(Debug)]
pub struct Bound<'l>(Part<'l>);

#[derive(Debug)]
enum Part<'l> {
    All(Vec<Part<'l>>),
    Any(Vec<Part<'l>>),
    Not(Box<Part<'l>>),
    Figure(Figure),
    Day(DayCondition),
    Stage(Vec<StageName>),
    Orders(Orders<'l>),
    Events { condition: EventsCondition, days: HashMap<u32, Vec<Day>> },
    Consent { who: BTreeSet<u32>, granted: bool },
}

/// A number between bounds, as the shop counts it: money in minor units.
#[derive(Debug)]
struct Figure {
    name: FigureName,
    at_least: Vec<Option<f64>>,
    below: Vec<Option<f64>>,
    at_most: Option<f64>,
    above: Option<f64>,
}

/// Orders of a kind.
#[derive(Debug)]
struct Orders<'l> {
    condition: OrdersCondition,
    value_at_least: Option<f64>,
    columns: Vec<(&'l Attribute, HashSet<u32>)>,
    products: Option<HashSet<u32>>,
    /// Whether the shop's part that is looked at has no such order.
    none: bool,
}

impl Figure {
    fn holds(&self, value: f64) -> bool {
        self.at_least.iter().all(|bound| bound.is_some_and(|bound| value >= bound))
            && self.below.iter().all(|bound| bound.is_some_and(|bound| value < bound))
            && self.at_most.is_none_or(|bound| value <= bound)
            && self.above.is_none_or(|bound| value > bound)
    }

    /// The whole numbers at which a number that grows crosses a bound.
    fn crossings(&self) -> impl Iterator<Item = f64> + '_ {
        let upward = self.at_least.iter().chain(&self.below).flatten().map(|bound| bound.ceil());
        upward.chain(self.at_most.iter().chain(&self.above).map(|bound| bound.floor() + 1.0))
    }
}

impl<'l> Segmenter<'l, '_> {
    /// Binds a definition to the shop.
    ///
    /// # Errors
    /// If the definition is wrong, or asks for what the shop does not have.
    pub fn bind(
        &'l self,
        definition: &Condition,
        find: &FindSegment<'_>,
        cuts: &mut Vec<Cut>,
    ) -> Result<Bound<'l>, SegmentError> {
        if let Some(problem) = definition.problems().into_iter().next() {
            return Err(SegmentError::Definition { pointer: problem.pointer, detail: problem.detail });
        }
        self.part(definition, find, 0, cuts).map(Bound)
    }

    fn part(
        &'l self,
        definition: &Condition,
        find: &FindSegment<'_>,
        depth: usize,
        cuts: &mut Vec<Cut>,
    ) -> Result<Part<'l>, SegmentError> {
        let mut each = |of: &[Condition]| -> Result<Vec<Part<'l>>, SegmentError> {
            of.iter().map(|one| self.part(one, find, depth, cuts)).collect()
        };
        Ok(match definition {
            Condition::All(of) => Part::All(each(of)?),
            Condition::Any(of) => Part::Any(each(of)?),
            Condition::Not(one) => Part::Not(Box::new(self.part(one, find, depth, cuts)?)),
            Condition::Figure(condition) => Part::Figure(self.bind_figure(condition, cuts)?),
            Condition::Day(condition) => Part::Day(condition.clone()),
            Condition::Stage(stages) => Part::Stage(stages.clone()),
            Condition::Orders(condition) => Part::Orders(self.bind_orders(condition)?),
            Condition::Events(condition) => {
                let events = self.beyond.events.as_ref().ok_or(SegmentError::NoEvents)?;
                let days = events.get(&condition.asked()).cloned().unwrap_or_default();
                Part::Events { condition: condition.clone(), days }
            }
            Condition::Consent(condition) => {
                let consents = self.beyond.consents.as_ref().ok_or(SegmentError::NoConsents)?;
                let to = (condition.channel.clone(), condition.purpose.clone());
                let who = consents.get(&to).cloned().unwrap_or_default();
                Part::Consent { who, granted: condition.granted }
            }
            Condition::Segment(name) => {
                if depth == DEEPEST {
                    return Err(SegmentError::Circle(name.clone()));
                }
                let other = find(name).ok_or_else(|| SegmentError::NoSegment(name.clone()))?;
                self.part(&other, find, depth + 1, cuts)?
            }
        })
    }

    fn bind_figure(&self, condition: &FigureCondition, cuts: &mut Vec<Cut>) -> Result<Figure, SegmentError> {
        let name = condition.name;
        if (name.is_money() || name == FigureName::MonetaryScore) && !self.ledger.shop().has_amounts {
            return Err(SegmentError::NoAmounts);
        }
        if name.is_forecast() && self.beyond.expected.is_none() {
            return Err(SegmentError::NoForecasts);
        }
        let scale = scale(name, self.ledger.currency());
        let mut cut = |percentile: f64| {
            if self.snapshot.is_some_and(|snapshot| snapshot.cut((name, percentile)).is_none()) {
                return Err(SegmentError::NotTaken);
            }
            let value = self.cut(name, percentile);
            let told = Cut { figure: name, percentile, value: value.map(|value| value / scale) };
            if !cuts.contains(&told) {
                cuts.push(told);
            }
            Ok(value)
        };
        let round = |bound: f64| if scale == 1.0 { bound } else { (bound * scale).round() };
        let mut at_least: Vec<Option<f64>> = condition.at_least.map(round).map(Some).into_iter().collect();
        at_least.extend(condition.at_least_percentile.map(&mut cut).transpose()?);
        let mut below: Vec<Option<f64>> = condition.below.map(round).map(Some).into_iter().collect();
        below.extend(condition.below_percentile.map(&mut cut).transpose()?);
        let (at_most, above) = (condition.at_most.map(round), condition.above.map(round));
        Ok(Figure { name, at_least, below, at_most, above })
    }

    fn bind_orders(&'l self, condition: &OrdersCondition) -> Result<Orders<'l>, SegmentError> {
        let orders = &self.ledger.shop().orders;
        let mut none = false;
        let mut columns = Vec::with_capacity(condition.columns.len());
        for (name, values) in &condition.columns {
            let Some(attribute) = orders.attribute(name) else {
                if self.is_part {
                    none = true;
                    continue;
                }
                return Err(SegmentError::NoColumn {
                    asked: name.clone(),
                    known: orders.attributes.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", "),
                });
            };
            let wanted = |value: &str| values.iter().any(|wanted| wanted == value);
            let codes = attribute.values.iter().enumerate().filter(|(_, value)| wanted(value));
            columns.push((attribute, codes.map(|(code, _)| code as u32).collect()));
        }
        let products = match &self.ledger.shop().lines {
            _ if condition.products.is_empty() => None,
            None if self.is_part => Some(HashSet::new()),
            None => return Err(SegmentError::NoProducts),
            Some(lines) => {
                let wanted = |product: &str| condition.products.iter().any(|wanted| wanted == product);
                let codes = lines.products.iter().enumerate().filter(|(_, product)| wanted(product));
                Some(codes.map(|(code, _)| code as u32).collect())
            }
        };
        if condition.value_at_least.is_some() && !self.ledger.shop().has_amounts {
            return Err(SegmentError::NoAmounts);
        }
        let minor = scale(FigureName::Value, self.ledger.currency());
        let value_at_least = condition.value_at_least.map(|value| (value * minor).round());
        Ok(Orders { condition: condition.clone(), value_at_least, columns, products, none })
    }

    pub(super) fn holds(&self, bound: &Bound<'_>, index: usize) -> bool {
        self.part_holds(&bound.0, index)
    }

    fn part_holds(&self, part: &Part<'_>, index: usize) -> bool {
        let own = &self.figures[index];
        match part {
            Part::All(of) => of.iter().all(|one| self.part_holds(one, index)),
            Part::Any(of) => of.iter().any(|one| self.part_holds(one, index)),
            Part::Not(one) => !self.part_holds(one, index),
            Part::Figure(figure) => self.figure(figure.name, index).is_some_and(|value| figure.holds(value)),
            Part::Day(condition) => {
                own.day(condition.name).is_some_and(|day| condition.when.contains(day, self.ledger.as_of()))
            }
            Part::Stage(stages) => own.stage.is_some_and(|stage| stages.contains(&stage_name(stage))),
            Part::Orders(orders) => orders.condition.holds(self.count(orders, index)),
            Part::Events { condition, days } => {
                let own = days.get(&self.ledger.customers()[index].person).map_or(&[][..], Vec::as_slice);
                let as_of = self.ledger.as_of();
                let fits = |day: &&Day| **day <= as_of && condition.when.contains(**day, as_of);
                condition.holds(own.iter().filter(fits).count() as u32)
            }
            Part::Consent { who, granted } => who.contains(&self.ledger.customers()[index].person) == *granted,
        }
    }

    fn looked_at(&self, which: Which, index: usize) -> &[u32] {
        let all = self.ledger.orders_of(&self.ledger.customers()[index]);
        match which {
            Which::Any => all,
            Which::First => &all[..1],
            Which::Last => &all[all.len() - 1..],
        }
    }

    fn count(&self, asked: &Orders<'_>, index: usize) -> u32 {
        if asked.none {
            return 0;
        }
        let (shop, as_of, condition) = (self.ledger.shop(), self.ledger.as_of(), &asked.condition);
        let fits = |&&number: &&u32| {
            let order = number as usize;
            let net = self.ledger.values().net(order);
            condition.when.contains(self.ledger.day(number), as_of)
                && condition.discounted.is_none_or(|wanted| wanted == (shop.orders.discount_of(order) > 0))
                && condition.kept.is_none_or(|wanted| wanted == self.ledger.values().is_purchase(order))
                && asked.value_at_least.is_none_or(|least| net as f64 >= least)
                && asked.columns.iter().all(|(attribute, codes)| {
                    attribute.codes.get(order).is_some_and(|code| *code != NONE && codes.contains(code))
                })
                && asked.products.as_ref().is_none_or(|wanted| self.has_product(number, wanted))
        };
        self.looked_at(condition.which, index).iter().filter(fits).count() as u32
    }

    fn has_product(&self, order: u32, wanted: &HashSet<u32>) -> bool {
        let Some(lines) = &self.ledger.shop().lines else { return false };
        let by_order = self.lines.get_or_init(|| LinesByOrder::new(lines, self.ledger.shop().orders.len()));
        by_order
            .of(order)
            .iter()
            .any(|&line| lines.quantity[line as usize] > 0 && wanted.contains(&lines.product[line as usize]))
    }

    /// The first day after the ledger's on which the answer about a customer may be another although nobody did anything. Not every
    /// such day changes it.
    pub fn next_change(&self, bound: &Bound<'_>, index: usize) -> Option<Day> {
        let mut next = None;
        self.changes(&bound.0, index, &mut |day| {
            if day > self.ledger.as_of() && next.is_none_or(|known| day < known) {
                next = Some(day);
            }
        });
        next
    }

    fn changes(&self, part: &Part<'_>, index: usize, each: &mut dyn FnMut(Day)) {
        let own = &self.figures[index];
        match part {
            Part::All(of) | Part::Any(of) => of.iter().for_each(|one| self.changes(one, index, each)),
            Part::Not(one) => self.changes(one, index, each),
            Part::Figure(figure) => self.figure_changes(figure, index, each),
            Part::Day(condition) => {
                if let Some(day) = own.day(condition.name) {
                    window_changes(&condition.when, day, each);
                }
            }
            Part::Stage(_) => {
                if let Some((_, last)) = own.purchased {
                    let (active, at_risk) = self.thresholds.for_purchases(own.purchase_days);
                    each(Day(last.0.saturating_add(active).saturating_add(1)));
                    each(Day(last.0.saturating_add(at_risk).saturating_add(1)));
                }
            }
            Part::Orders(orders) => {
                for &order in self.looked_at(orders.condition.which, index) {
                    window_changes(&orders.condition.when, self.ledger.day(order), each);
                }
            }
            Part::Events { condition, days } => {
                for &day in days.get(&self.ledger.customers()[index].person).into_iter().flatten() {
                    // The clocks of senders may run ahead.
                    each(day);
                    window_changes(&condition.when, day, each);
                }
            }
            Part::Consent { .. } => {}
        }
    }

    fn figure_changes(&self, figure: &Figure, index: usize, each: &mut dyn FnMut(Day)) {
        let own = &self.figures[index];
        // Days beyond what a calendar holds never come.
        let mut after = |day: Day, days: f64| {
            if days.abs() < 1e6 {
                each(Day(day.0 + days as i32));
            }
        };
        match figure.name {
            FigureName::DaysSinceFirst => {
                if let Some((first, _)) = own.purchased {
                    figure.crossings().for_each(|days| after(first, days));
                }
            }
            FigureName::DaysSinceLast => {
                if let Some((_, last)) = own.purchased {
                    figure.crossings().for_each(|days| after(last, days));
                }
            }
            FigureName::RecencyScore => {
                if let (Some((_, last)), Some(bounds)) = (own.purchased, self.bounds()) {
                    // The score falls when the days reach what the bound says.
                    bounds.recency.0.iter().for_each(|&bound| after(last, -bound as f64));
                }
            }
            FigureName::Value12Months | FigureName::Value24Months => {
                let months = if figure.name == FigureName::Value12Months { 12 } else { 24 };
                let counting =
                    |as_of| Counting { as_of, basis: Basis::Net, refund_date: RefundDate::Order }.window_start(months);
                let begin = counting(self.ledger.as_of());
                let orders = self.ledger.orders_of(&self.ledger.customers()[index]);
                let leaving = orders.iter().map(|&order| self.ledger.day(order)).find(|&day| day > begin);
                if let Some(day) = leaving {
                    // The window begins on another day at most once a day: the first on which the order lies outside.
                    let mut leaves = Day(day.0 + 30 * months);
                    while counting(leaves) < day {
                        leaves = Day(leaves.0 + 1);
                    }
                    each(leaves);
                }
            }
            _ => {}
        }
    }
}

fn window_changes(window: &Window, day: Day, each: &mut dyn FnMut(Day)) {
    for days in [window.within_days, window.more_than_days_ago].into_iter().flatten() {
        if let Some(change) = i32::try_from(days).ok().and_then(|days| day.0.checked_add(days)?.checked_add(1)) {
            each(Day(change));
        }
    }
}

fn stage_name(stage: Stage) -> StageName {
    match stage {
        Stage::Active => StageName::Active,
        Stage::AtRisk => StageName::AtRisk,
        Stage::Lapsed => StageName::Lapsed,
    }
}
