//! Who is in a segment, as of a day: definitions of [`clove_core::segment`] held against a shop's customers.
//!
//! A definition is first bound to the shop (columns, products, percentiles, other segments), then asked of each customer. The same
//! evaluation serves a whole shop and a shop of one person.

mod customer;
mod ready;

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, HashSet};

use clove_core::segment::{Condition, DayCondition, FigureCondition, FigureName, OrdersCondition, StageName, Which};
use clove_core::{Attribute, Currency, Day, NONE};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Amount, MoneyPer, Rate, quantile};
use crate::ledger::{Customer, Ledger};
use crate::lifecycle::{Stage, ThresholdSnapshot};
use crate::rfm::rfm;
pub use customer::CustomerFigures;
pub use ready::{READY, ReadySegment, ready};

use clove_core::Basis;

/// Segments within segments at most.
const DEEPEST: usize = 5;

/// Why a definition cannot be held against a shop.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SegmentError {
    /// The definition itself is wrong.
    #[error("{detail}")]
    Definition {
        /// Where, within the definition.
        pointer: String,
        /// What is wrong.
        detail: String,
    },
    /// The orders have no such column.
    #[error("the orders have no column '{asked}'; there are: {known}")]
    NoColumn {
        /// What was asked for.
        asked: String,
        /// What there is.
        known: String,
    },
    /// Products are not known.
    #[error("the orders have no lines: products are not known")]
    NoProducts,
    /// There is no such segment.
    #[error("there is no segment '{0}'")]
    NoSegment(String),
    /// Segments that name each other.
    #[error("the segments '{0}' and others name each other, or lie too deep within each other")]
    Circle(String),
    /// Amounts are not known.
    #[error("the files have no amounts: value is not known")]
    NoAmounts,
}

/// A percentile as the shop has it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Cut {
    /// The figure.
    #[schema(value_type = String, example = "value_24m")]
    pub figure: FigureName,
    /// The percentile.
    pub percentile: f64,
    /// Its value: money in major units, else a plain number; null if the shop has no buyers.
    pub value: Option<f64>,
}

/// Who is in a segment.
#[derive(Debug, Clone, PartialEq)]
pub struct Members {
    /// Per customer of the ledger, in its order.
    pub inside: Vec<bool>,
    /// The percentiles that the definition was bound to.
    pub cuts: Vec<Cut>,
}

/// A segment in numbers.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SegmentFigures {
    /// The last day that counts.
    pub as_of: String,
    /// The currency of amounts.
    pub currency: String,
    /// Its customers of all identified ones.
    #[schema(value_type = Object)]
    pub customers: Rate,
    /// Their orders.
    pub orders: u64,
    /// Their net value so far; null if the files have no amounts.
    #[schema(value_type = Option<String>, example = "614.10")]
    pub value: Option<Amount>,
    /// The same per customer.
    #[schema(value_type = Object)]
    pub value_per_customer: MoneyPer,
    /// Their net value of the last 12 months, per customer.
    #[schema(value_type = Object)]
    pub clv_12m: MoneyPer,
    /// Those with two purchases or more.
    #[schema(value_type = Object)]
    pub repeat_purchase_rate: Rate,
    /// Net value of all identified customers that is theirs.
    pub value_share: Option<f64>,
    /// The percentiles that the definition rests on.
    pub cuts: Vec<Cut>,
}

/// The customers of a shop as of a day, ready to be asked.
pub struct Segmenter<'l, 'a> {
    ledger: &'l Ledger<'a>,
    figures: Vec<CustomerFigures>,
    scores: OnceCell<Vec<[u8; 3]>>,
    lines: OnceCell<LinesByOrder>,
    cuts: RefCell<BTreeMap<(FigureName, u64), Option<f64>>>,
}

/// The lines of each order.
struct LinesByOrder {
    starts: Vec<u32>,
    lines: Vec<u32>,
}

/// A definition bound to a shop.
enum Bound<'l> {
    All(Vec<Bound<'l>>),
    Any(Vec<Bound<'l>>),
    Not(Box<Bound<'l>>),
    Figure { condition: FigureCondition, scale: f64, cuts: [Option<Option<f64>>; 2] },
    Day(DayCondition),
    Stage(Vec<StageName>),
    Orders { condition: OrdersCondition, columns: Vec<(&'l Attribute, HashSet<u32>)>, products: Option<HashSet<u32>> },
}

/// How definitions of other segments are found.
pub type FindSegment<'f> = dyn Fn(&str) -> Option<Condition> + 'f;

impl<'l, 'a> Segmenter<'l, 'a> {
    /// Looks at every customer once.
    pub fn new(ledger: &'l Ledger<'a>) -> Segmenter<'l, 'a> {
        Segmenter::with_thresholds(ledger, &ThresholdSnapshot::take(ledger))
    }

    /// The same with thresholds of stages that were taken before.
    pub fn with_thresholds(ledger: &'l Ledger<'a>, thresholds: &ThresholdSnapshot) -> Segmenter<'l, 'a> {
        let figures = customer::figures(ledger, thresholds);
        Segmenter { ledger, figures, scores: OnceCell::new(), lines: OnceCell::new(), cuts: RefCell::default() }
    }

    /// What is known of each customer of the ledger, in its order.
    pub fn figures(&self) -> &[CustomerFigures] {
        &self.figures
    }

    /// Finds the members. Guests are never among them: they cannot be recognised.
    ///
    /// # Errors
    /// If the definition is wrong, or asks for what the shop does not have.
    pub fn members<'d>(&'d self, definition: &'d Condition, find: &FindSegment<'d>) -> Result<Members, SegmentError> {
        let mut cuts = Vec::new();
        let bound = self.bind(definition, find, 0, &mut cuts)?;
        let is_in = |(index, customer): (usize, &Customer)| customer.identified && self.holds(&bound, index);
        let inside = self.ledger.customers().iter().enumerate().map(is_in).collect();
        Ok(Members { inside, cuts })
    }

    /// A segment in numbers.
    pub fn summary(&self, members: &Members) -> SegmentFigures {
        let currency = self.ledger.currency();
        let has_amounts = self.ledger.shop().has_amounts;
        let (mut count, mut orders, mut value, mut value_12, mut repeated) = (0, 0, 0, 0, 0);
        let (mut identified, mut all) = (0, 0);
        for ((figures, customer), &inside) in self.figures.iter().zip(self.ledger.customers()).zip(&members.inside) {
            if customer.identified {
                identified += 1;
                all += figures.value;
            }
            if inside {
                count += 1;
                orders += u64::from(figures.orders);
                value += figures.value;
                value_12 += figures.value_12_months;
                repeated += u64::from(figures.purchases >= 2);
            }
        }
        let per = |sum| MoneyPer::new(has_amounts.then_some(sum), count, currency);
        SegmentFigures {
            as_of: self.ledger.as_of().to_string(),
            currency: currency.code().to_owned(),
            customers: Rate::new(count, identified),
            orders,
            value: has_amounts.then(|| Amount::new(value, currency)),
            value_per_customer: per(value),
            clv_12m: per(value_12),
            repeat_purchase_rate: Rate::new(repeated, count),
            value_share: (has_amounts && all != 0).then(|| value as f64 / all as f64),
            cuts: members.cuts.clone(),
        }
    }

    fn bind(
        &self,
        definition: &Condition,
        find: &FindSegment<'_>,
        depth: usize,
        cuts: &mut Vec<Cut>,
    ) -> Result<Bound<'_>, SegmentError> {
        if depth == 0
            && let Some(problem) = definition.problems().into_iter().next()
        {
            return Err(SegmentError::Definition { pointer: problem.pointer, detail: problem.detail });
        }
        let mut each = |of: &[Condition]| -> Result<Vec<Bound<'_>>, SegmentError> {
            of.iter().map(|one| self.bind(one, find, depth.max(1), cuts)).collect()
        };
        Ok(match definition {
            Condition::All(of) => Bound::All(each(of)?),
            Condition::Any(of) => Bound::Any(each(of)?),
            Condition::Not(one) => Bound::Not(Box::new(self.bind(one, find, depth.max(1), cuts)?)),
            Condition::Figure(condition) => self.bind_figure(condition, cuts)?,
            Condition::Day(condition) => Bound::Day(condition.clone()),
            Condition::Stage(stages) => Bound::Stage(stages.clone()),
            Condition::Orders(condition) => self.bind_orders(condition)?,
            Condition::Segment(name) => {
                if depth > DEEPEST {
                    return Err(SegmentError::Circle(name.clone()));
                }
                let other = find(name).ok_or_else(|| SegmentError::NoSegment(name.clone()))?;
                self.bind(&other, find, depth.max(1) + 1, cuts)?
            }
        })
    }

    fn bind_figure(&self, condition: &FigureCondition, cuts: &mut Vec<Cut>) -> Result<Bound<'_>, SegmentError> {
        let name = condition.name;
        if (name.is_money() || name == FigureName::MonetaryScore) && !self.ledger.shop().has_amounts {
            return Err(SegmentError::NoAmounts);
        }
        let scale = scale(name, self.ledger.currency());
        let mut cut = |percentile: f64| {
            let value = self.cut(name, percentile);
            let told = Cut { figure: name, percentile, value: value.map(|value| value / scale) };
            if !cuts.contains(&told) {
                cuts.push(told);
            }
            value
        };
        let bound = [condition.at_least_percentile.map(&mut cut), condition.below_percentile.map(&mut cut)];
        Ok(Bound::Figure { condition: condition.clone(), scale, cuts: bound })
    }

    fn bind_orders(&self, condition: &OrdersCondition) -> Result<Bound<'_>, SegmentError> {
        let orders = &self.ledger.shop().orders;
        let mut columns = Vec::with_capacity(condition.columns.len());
        for (name, values) in &condition.columns {
            let attribute = orders.attribute(name).ok_or_else(|| SegmentError::NoColumn {
                asked: name.clone(),
                known: orders.attributes.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", "),
            })?;
            let wanted = |value: &str| values.iter().any(|wanted| wanted == value);
            let codes = attribute.values.iter().enumerate().filter(|(_, value)| wanted(value));
            columns.push((attribute, codes.map(|(code, _)| code as u32).collect()));
        }
        let products = if condition.products.is_empty() {
            None
        } else {
            let lines = self.ledger.shop().lines.as_ref().ok_or(SegmentError::NoProducts)?;
            let wanted = |product: &str| condition.products.iter().any(|wanted| wanted == product);
            let codes = lines.products.iter().enumerate().filter(|(_, product)| wanted(product));
            Some(codes.map(|(code, _)| code as u32).collect())
        };
        if condition.value_at_least.is_some() && !self.ledger.shop().has_amounts {
            return Err(SegmentError::NoAmounts);
        }
        Ok(Bound::Orders { condition: condition.clone(), columns, products })
    }

    /// A percentile of a figure among identified buyers; of shares and gaps among those with two purchases or more.
    fn cut(&self, name: FigureName, percentile: f64) -> Option<f64> {
        let key = (name, percentile.to_bits());
        if let Some(&known) = self.cuts.borrow().get(&key) {
            return known;
        }
        let least = if matches!(name, FigureName::DiscountShare | FigureName::AverageGap) { 2 } else { 1 };
        let buyers = self
            .ledger
            .customers()
            .iter()
            .enumerate()
            .filter(|(index, customer)| customer.identified && self.figures[*index].purchases >= least);
        let mut values: Vec<f64> = buyers.filter_map(|(index, _)| self.figure(name, index)).collect();
        values.sort_unstable_by(f64::total_cmp);
        let value = quantile(&values, percentile / 100.0);
        self.cuts.borrow_mut().insert(key, value);
        value
    }

    /// A figure of the customer at a place of the ledger; money in minor units.
    fn figure(&self, name: FigureName, index: usize) -> Option<f64> {
        let score = |which: usize| {
            let score = self.scores()[index][which];
            (score > 0).then(|| f64::from(score))
        };
        match name {
            FigureName::RecencyScore => score(0),
            FigureName::FrequencyScore => score(1),
            FigureName::MonetaryScore => score(2),
            name => self.figures[index].figure(name, self.ledger.as_of()),
        }
    }

    /// The three scores of each customer, 0 for those without.
    fn scores(&self) -> &[[u8; 3]] {
        self.scores.get_or_init(|| {
            let mut of_person = vec![[0; 3]; self.ledger.persons().len()];
            for one in rfm(self.ledger, Basis::Net).customers {
                of_person[one.person as usize] =
                    [one.recency_score, one.frequency_score, one.monetary_score.unwrap_or(0)];
            }
            self.ledger.customers().iter().map(|customer| of_person[customer.person as usize]).collect()
        })
    }

    fn holds(&self, bound: &Bound<'_>, index: usize) -> bool {
        let own = &self.figures[index];
        let as_of = self.ledger.as_of();
        match bound {
            Bound::All(of) => of.iter().all(|one| self.holds(one, index)),
            Bound::Any(of) => of.iter().any(|one| self.holds(one, index)),
            Bound::Not(one) => !self.holds(one, index),
            Bound::Figure { condition, scale, cuts } => {
                let Some(value) = self.figure(condition.name, index) else { return false };
                let round = |bound: f64| if *scale == 1.0 { bound } else { (bound * scale).round() };
                let [least_cut, below_cut] = cuts;
                condition.at_least.is_none_or(|bound| value >= round(bound))
                    && condition.at_most.is_none_or(|bound| value <= round(bound))
                    && condition.above.is_none_or(|bound| value > round(bound))
                    && condition.below.is_none_or(|bound| value < round(bound))
                    && least_cut.is_none_or(|cut| cut.is_some_and(|cut| value >= cut))
                    && below_cut.is_none_or(|cut| cut.is_some_and(|cut| value < cut))
            }
            Bound::Day(condition) => own.day(condition.name).is_some_and(|day| condition.when.contains(day, as_of)),
            Bound::Stage(stages) => own.stage.is_some_and(|stage| stages.contains(&stage_name(stage))),
            Bound::Orders { condition, columns, products } => {
                condition.holds(self.count(condition, columns, products.as_ref(), index, as_of))
            }
        }
    }

    fn count(
        &self,
        condition: &OrdersCondition,
        columns: &[(&Attribute, HashSet<u32>)],
        products: Option<&HashSet<u32>>,
        index: usize,
        as_of: Day,
    ) -> u32 {
        let all = self.ledger.orders_of(&self.ledger.customers()[index]);
        let looked_at = match condition.which {
            Which::Any => all,
            Which::First => &all[..1],
            Which::Last => &all[all.len() - 1..],
        };
        let shop = self.ledger.shop();
        let least = condition.value_at_least.map(|value| (value * scale(FigureName::Value, shop.currency)).round());
        let fits = |&&number: &&u32| {
            let order = number as usize;
            let net = self.ledger.values().net(order);
            condition.when.contains(self.ledger.day(number), as_of)
                && condition.discounted.is_none_or(|wanted| wanted == (shop.orders.discount_of(order) > 0))
                && condition.kept.is_none_or(|wanted| wanted == self.ledger.values().is_purchase(order))
                && least.is_none_or(|least| net as f64 >= least)
                && columns.iter().all(|(attribute, codes)| {
                    attribute.codes.get(order).is_some_and(|code| *code != NONE && codes.contains(code))
                })
                && products.is_none_or(|wanted| self.has_product(number, wanted))
        };
        looked_at.iter().filter(fits).count() as u32
    }

    fn has_product(&self, order: u32, wanted: &HashSet<u32>) -> bool {
        let Some(lines) = &self.ledger.shop().lines else { return false };
        let by_order = self.lines.get_or_init(|| LinesByOrder::new(lines, self.ledger.shop().orders.len()));
        by_order
            .of(order)
            .iter()
            .any(|&line| lines.quantity[line as usize] > 0 && wanted.contains(&lines.product[line as usize]))
    }
}

impl LinesByOrder {
    fn new(lines: &clove_core::OrderLines, orders: usize) -> LinesByOrder {
        let mut starts = vec![0_u32; orders + 1];
        for &order in &lines.order {
            starts[order as usize + 1] += 1;
        }
        for order in 0..orders {
            starts[order + 1] += starts[order];
        }
        let mut next = starts.clone();
        let mut sorted = vec![0_u32; lines.order.len()];
        for (line, &order) in lines.order.iter().enumerate() {
            sorted[next[order as usize] as usize] = line as u32;
            next[order as usize] += 1;
        }
        LinesByOrder { starts, lines: sorted }
    }

    fn of(&self, order: u32) -> &[u32] {
        &self.lines[self.starts[order as usize] as usize..self.starts[order as usize + 1] as usize]
    }
}

fn scale(name: FigureName, currency: Currency) -> f64 {
    if name.is_money() { currency.minor_per_major() as f64 } else { 1.0 }
}

fn stage_name(stage: Stage) -> StageName {
    match stage {
        Stage::Active => StageName::Active,
        Stage::AtRisk => StageName::AtRisk,
        Stage::Lapsed => StageName::Lapsed,
    }
}
