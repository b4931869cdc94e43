//! The value of a metric for whatever is asked: a span, a comparison, a breakdown, a series, some customers only.

use clove_core::{Basis, Day, Persons, Placements, RefundDate, ShopData};
use serde::Serialize;
use utoipa::ToSchema;

use super::catalogue::{Measure, Metric};
use super::groups::{Groups, Membership};
use super::span::{SpanOptions, span_sums};
use super::state::{StateOptions, state_sums};
use super::{Measured, Units};
use crate::answer::Rate;
use crate::explain::{Excluded, excluded};
use crate::kpi_comparison::{Change, ComparedSpans, Figure};
use crate::ledger::Ledger;
use crate::period::{Compare, Interval, Span};

/// Groups that are shown at most; the others are counted.
pub const MOST_GROUPS: usize = 200;
/// Steps of a series at most.
pub const MOST_STEPS: usize = 800;
/// Steps of a series of states at most: each needs a pass of its own.
pub const MOST_STATES: usize = 120;
/// The age of lifetime values that are asked for without one, in days.
pub const STANDARD_AGE: i32 = 90;

/// A shop with what every question needs of it.
#[derive(Debug, Clone, Copy)]
pub struct Shop<'a> {
    /// Its orders.
    pub data: &'a ShopData,
    /// Who placed them.
    pub persons: &'a Persons,
    /// The orders by person and time.
    pub placements: &'a Placements,
}

impl<'a> Shop<'a> {
    /// The customers as of a day.
    pub fn ledger(self, as_of: Day) -> Ledger<'a> {
        Ledger::from_placements(self.data, self.persons, self.placements, as_of)
    }
}

/// By what a metric is broken down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Breakdown {
    /// The month of the customer's first order.
    Cohort,
    /// Where the customer stands: active, at risk, lapsed.
    Stage,
    /// First orders and later ones.
    OrderKind,
    /// A column of the orders: `channel`, `country`, `discount_code`, `first_product`, ...
    Attribute(String),
}

impl Breakdown {
    /// From its name.
    pub fn parse(name: &str) -> Breakdown {
        match name {
            "cohort" | "month" => Breakdown::Cohort,
            "stage" => Breakdown::Stage,
            "order_kind" | "order-kind" => Breakdown::OrderKind,
            column => Breakdown::Attribute(column.replace('-', "_")),
        }
    }

    /// The stable name.
    pub fn name(&self) -> &str {
        match self {
            Breakdown::Cohort => "cohort",
            Breakdown::Stage => "stage",
            Breakdown::OrderKind => "order_kind",
            Breakdown::Attribute(column) => column,
        }
    }
}

/// What is asked of a metric.
#[derive(Debug, Clone)]
pub struct MetricOptions<'o> {
    /// The last day that counts.
    pub as_of: Day,
    /// The value basis.
    pub basis: Basis,
    /// The day on which refunds lower value; by default their own for money of a span, that of the order for values of customers.
    pub refund_date: Option<RefundDate>,
    /// The first day of the span. Metrics of a state are as of the last day and do not look at it.
    pub from: Option<Day>,
    /// The last day of the span; by default the as-of.
    pub until: Option<Day>,
    /// What the span is compared with.
    pub compare: Option<Compare>,
    /// How it is broken down.
    pub by: Option<Breakdown>,
    /// The steps of a series over the span.
    pub interval: Option<Interval>,
    /// The age of lifetime values, in days.
    pub age: i32,
    /// Who counts.
    pub members: Membership<'o>,
}

impl MetricOptions<'_> {
    /// Everything up to a day, on net value.
    pub fn new(as_of: Day) -> MetricOptions<'static> {
        MetricOptions {
            as_of,
            basis: Basis::Net,
            refund_date: None,
            from: None,
            until: None,
            compare: None,
            by: None,
            interval: None,
            age: STANDARD_AGE,
            members: Membership::EVERYONE,
        }
    }
}

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// The metric is a table.
    #[error("{0} is a table, not one figure: it has a command and an endpoint of its own")]
    Table(&'static str),
    /// The span ends before it begins.
    #[error("the span ends on {until}, before it begins on {from}")]
    Backwards {
        /// Its first day.
        from: Day,
        /// Its last day.
        until: Day,
    },
    /// A comparison needs a first day.
    #[error("a comparison needs the first day of the span")]
    NoFirstDay,
    /// The shop has no such column.
    #[error("the orders have no column '{asked}' to break down by; {known}")]
    NoColumn {
        /// What was asked for.
        asked: String,
        /// What there is.
        known: String,
    },
    /// Orders cannot be told apart where customers are counted.
    #[error("{metric} is about customers: it cannot be broken down by {by}")]
    NotOfCustomers {
        /// The metric.
        metric: &'static str,
        /// How it was to be broken down.
        by: String,
    },
    /// The series would have too many steps.
    #[error(
        "{steps} steps are too many for a series, which has at most {most}: ask for longer steps or a shorter span"
    )]
    TooManySteps {
        /// How many.
        steps: usize,
        /// How many there may be.
        most: usize,
    },
}

/// How a figure is written: a plain number, or an amount of money as decimal text in major units.
#[derive(ToSchema)]
#[serde(untagged)]
pub enum FigureValue {
    /// A count, a share, days or another number.
    Number(f64),
    /// An amount of money.
    Money(String),
}

/// A figure with its parts, as answers tell it: money as decimal text in major units, shares with 1 = 100 %.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct FigureBody {
    /// The value; null where nothing can be told.
    #[schema(value_type = Option<FigureValue>)]
    pub value: Option<Figure>,
    /// Of how many or how much; null for figures that are no quotients.
    #[schema(value_type = Option<FigureValue>)]
    pub numerator: Option<Figure>,
    /// Out of how many or how much.
    #[schema(value_type = Option<FigureValue>)]
    pub denominator: Option<Figure>,
    /// How many orders or customers it rests on.
    pub n: u64,
    /// Whether these are too few to rank by.
    pub small: bool,
}

impl From<Measured> for FigureBody {
    fn from(measured: Measured) -> FigureBody {
        let Measured { value, numerator, denominator, n } = measured;
        FigureBody { value, numerator, denominator, n, small: measured.is_small() }
    }
}

/// The same metric in another span.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ComparedFigure {
    /// `previous` or `year`.
    pub with: &'static str,
    /// First day of the other span.
    pub from: String,
    /// Its last day.
    pub until: String,
    /// The figure there; null if nothing is known of it.
    #[serde(flatten)]
    pub before: FigureBody,
    /// Value minus that value.
    #[schema(value_type = Option<FigureValue>)]
    pub difference: Option<Figure>,
    /// Value over that value; null over zero.
    pub ratio: Option<f64>,
    /// Whether both spans are over and known in full.
    pub complete: bool,
    /// Whether orders of the span are young enough that some may still come back.
    pub provisional: bool,
    /// What to know of the comparison, in sentences.
    pub notes: Vec<String>,
}

/// A group of a breakdown.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct GroupFigure {
    /// Its name; `unknown` for those without a value.
    pub group: String,
    /// Its figure.
    #[serde(flatten)]
    pub figure: FigureBody,
}

/// A metric broken down.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct BreakdownAnswer {
    /// By what.
    pub by: String,
    /// The groups with anything in them: in their own order where they have one, else the largest n first.
    pub groups: Vec<GroupFigure>,
    /// Groups that are not shown, since there are too many.
    pub groups_left_out: usize,
    /// What to know of it.
    pub note: Option<&'static str>,
}

/// A step of a series.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Step {
    /// Its first day.
    pub start: String,
    /// Its last day.
    pub end: String,
    /// Whether it is over, and lies within the span.
    pub complete: bool,
    /// The figure.
    #[serde(flatten)]
    pub figure: FigureBody,
}

/// A metric over time.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Series {
    /// `day`, `week`, `month`, `quarter` or `year`.
    pub interval: &'static str,
    /// One after the other, without gaps.
    pub steps: Vec<Step>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MetricAnswer {
    /// The metric.
    pub metric: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// `count`, `money`, `share`, `days` or `number`.
    pub unit: &'static str,
    /// The currency of amounts.
    pub currency: String,
    /// The value basis, if it matters.
    pub basis: Option<&'static str>,
    /// The day on which refunds lower value: `order` or `event`.
    pub refund_date: String,
    /// The age of lifetime values in days, where it matters.
    pub age_days: Option<i32>,
    /// The last day that counts.
    pub as_of: String,
    /// First day of the span, if there is one.
    pub from: Option<String>,
    /// Last day of the span.
    pub until: String,
    /// Whether the span is over at the as-of.
    pub complete: bool,
    /// The figure.
    #[serde(flatten)]
    pub figure: FigureBody,
    /// Identified customers of all.
    #[schema(value_type = Object)]
    pub identified_share: Rate,
    /// The figure in another span.
    pub comparison: Option<ComparedFigure>,
    /// The figure of each group.
    pub breakdown: Option<BreakdownAnswer>,
    /// The figure over time.
    pub series: Option<Series>,
    /// Orders left out of everything, by reason.
    #[schema(value_type = Vec<Object>)]
    pub excluded: Vec<Excluded>,
}

/// One question of one metric.
struct Question<'q> {
    metric: &'static Metric,
    options: &'q MetricOptions<'q>,
    refund_date: RefundDate,
    shop: Shop<'q>,
}

impl Question<'_> {
    fn units(&self) -> Units {
        Units {
            currency: self.shop.data.currency,
            has_amounts: self.shop.data.has_amounts,
            refund_date: self.refund_date,
        }
    }

    /// The figure of each group of a span.
    fn figures(&self, ledger: &Ledger<'_>, from: Option<Day>, until: Day, groups: &Groups) -> Vec<Measured> {
        let MetricOptions { basis, age, members, .. } = *self.options;
        match self.metric.measure {
            Measure::Span(measure) => {
                let sums = span_sums(ledger, &SpanOptions { from, until, basis, members }, groups);
                sums.iter().map(|sums| measure(sums, self.units())).collect()
            }
            Measure::State(measure) => {
                let refund_date = self.refund_date;
                let state = StateOptions { basis, refund_date, age, members };
                let of = |ledger: &Ledger<'_>| state_sums(ledger, &state, groups);
                let sums = if until == ledger.as_of() { of(ledger) } else { of(&self.shop.ledger(until)) };
                sums.iter().map(|sums| measure(sums, self.units())).collect()
            }
            Measure::Table => Vec::new(),
        }
    }

    fn figure(&self, ledger: &Ledger<'_>, from: Option<Day>, until: Day) -> Measured {
        self.figures(ledger, from, until, &Groups::one()).first().copied().unwrap_or_default()
    }

    fn comparison(&self, ledger: &Ledger<'_>, span: Span, with: Compare, value: Measured) -> ComparedFigure {
        let ComparedSpans { other, is_known, complete, provisional, notes, .. } =
            ComparedSpans::new(ledger, span, with);
        let before = if is_known { self.figure(ledger, Some(other.from), other.until) } else { Measured::default() };
        let change = Change::new(value.value, before.value);
        ComparedFigure {
            with: with.name(),
            from: other.from.to_string(),
            until: other.until.to_string(),
            before: before.into(),
            difference: change.difference,
            ratio: change.ratio,
            complete,
            provisional,
            notes,
        }
    }

    fn groups(&self, ledger: &Ledger<'_>, by: &Breakdown) -> Result<Groups, QueryError> {
        let of_customers = matches!(self.metric.measure, Measure::State(_));
        let no_column = |column: &String| QueryError::NoColumn {
            asked: column.clone(),
            known: crate::cohorts::groupings(self.shop.data),
        };
        match by {
            Breakdown::Cohort => Ok(Groups::cohorts(ledger)),
            Breakdown::Stage => Ok(Groups::stages(ledger)),
            Breakdown::OrderKind if of_customers => {
                Err(QueryError::NotOfCustomers { metric: self.metric.id, by: by.name().to_owned() })
            }
            Breakdown::OrderKind => Ok(Groups::order_kind()),
            Breakdown::Attribute(column) if of_customers => {
                Groups::first_attribute(ledger, column).ok_or_else(|| no_column(column))
            }
            Breakdown::Attribute(column) => Groups::attribute(ledger, column).ok_or_else(|| no_column(column)),
        }
    }

    fn breakdown(
        &self,
        ledger: &Ledger<'_>,
        from: Option<Day>,
        until: Day,
        by: &Breakdown,
    ) -> Result<BreakdownAnswer, QueryError> {
        // Groups of customers are told apart as of the last day.
        let moved;
        let at = if matches!(self.metric.measure, Measure::State(_)) && until != ledger.as_of() {
            moved = self.shop.ledger(until);
            &moved
        } else {
            ledger
        };
        let groups = self.groups(at, by)?;
        let figures = self.figures(at, from, until, &groups);
        let mut shown: Vec<GroupFigure> = figures
            .into_iter()
            .enumerate()
            .filter(|(_, figure)| figure.n > 0 || figure.is_money_of_nobody())
            .map(|(group, figure)| GroupFigure { group: groups.name(group).to_owned(), figure: figure.into() })
            .collect();
        if matches!(by, Breakdown::Attribute(_)) {
            shown.sort_by_key(|group| std::cmp::Reverse(group.figure.n));
        }
        let groups_left_out = shown.len().saturating_sub(MOST_GROUPS);
        shown.truncate(MOST_GROUPS);
        let is_first = matches!((by, self.metric.measure), (Breakdown::Attribute(_), Measure::State(_)));
        let note = is_first.then_some("a customer belongs to the value of the first order");
        Ok(BreakdownAnswer { by: by.name().to_owned(), groups: shown, groups_left_out, note })
    }

    fn series(&self, ledger: &Ledger<'_>, from: Day, until: Day, interval: Interval) -> Result<Series, QueryError> {
        let of_states = matches!(self.metric.measure, Measure::State(_));
        let most = if of_states { MOST_STATES } else { MOST_STEPS };
        let steps = usize::try_from(interval.of(until) - interval.of(from) + 1).unwrap_or(0);
        if steps > most {
            return Err(QueryError::TooManySteps { steps, most });
        }
        let groups = Groups::times(interval, from, until);
        let last_of = |step: usize| groups.last_day(step).map_or(until, |day| day.min(until));
        let figures = if of_states {
            (0..groups.len()).map(|step| self.figure(ledger, None, last_of(step))).collect()
        } else {
            self.figures(ledger, Some(from), until, &groups)
        };
        let step = |(step, figure): (usize, Measured)| {
            let (start, end) = (groups.first_day(step).unwrap_or(from), groups.last_day(step).unwrap_or(until));
            let is_whole = of_states || start >= from;
            Step {
                start: start.to_string(),
                end: end.to_string(),
                complete: is_whole && end <= until && end <= ledger.as_of(),
                figure: figure.into(),
            }
        };
        Ok(Series { interval: interval.name(), steps: figures.into_iter().enumerate().map(step).collect() })
    }
}

/// Answers a question of a metric.
///
/// # Errors
/// If what is asked for does not fit the metric or the shop.
pub fn query(shop: Shop<'_>, metric: &'static Metric, options: &MetricOptions<'_>) -> Result<MetricAnswer, QueryError> {
    let of_states = match metric.measure {
        Measure::Table => return Err(QueryError::Table(metric.id)),
        Measure::State(_) => true,
        Measure::Span(_) => false,
    };
    let standard = if of_states { RefundDate::Order } else { RefundDate::Event };
    let refund_date = options.refund_date.unwrap_or(standard);
    let question = Question { metric, options, refund_date, shop };
    let ledger = shop.ledger(options.as_of);
    let until = options.until.map_or(options.as_of, |until| until.min(options.as_of));
    let from = options.from;
    if let Some(from) = from.filter(|&from| from > options.until.unwrap_or(until)) {
        return Err(QueryError::Backwards { from, until: options.until.unwrap_or(until) });
    }
    let figure = question.figure(&ledger, from, until);
    let comparison = match (options.compare, from) {
        (None, _) => None,
        (Some(_), None) => return Err(QueryError::NoFirstDay),
        (Some(with), Some(from)) => {
            let span = Span { from, until: options.until.unwrap_or(until) };
            Some(question.comparison(&ledger, span, with, figure))
        }
    };
    let breakdown = options.by.as_ref().map(|by| question.breakdown(&ledger, from, until, by)).transpose()?;
    let series = match options.interval {
        None => None,
        Some(interval) => {
            let first = ledger.customers().iter().map(|customer| customer.first_day).min();
            // Without a first day the series begins with the whole step of the first order.
            let begin = first.unwrap_or(until).min(until);
            let from = from.unwrap_or_else(|| interval.first_day(interval.of(begin)));
            Some(question.series(&ledger, from.min(until), until, interval)?)
        }
    };
    Ok(MetricAnswer {
        metric: metric.id,
        title: metric.title,
        unit: metric.unit.name(),
        currency: shop.data.currency.code().to_owned(),
        basis: metric.has_basis.then(|| options.basis.name()),
        refund_date: refund_date.to_string(),
        age_days: (metric.id == "ltv").then_some(options.age),
        as_of: options.as_of.to_string(),
        from: from.map(|day| day.to_string()),
        until: until.to_string(),
        complete: options.until.is_none_or(|until| until <= options.as_of),
        figure: figure.into(),
        identified_share: ledger.identified_share(),
        comparison,
        breakdown,
        series,
        excluded: excluded(&ledger),
    })
}
