//! The key figures of a span of days beside those of the span before it, or of the same dates a year before.
//!
//! Both spans are told with what is known at the one as-of. Where they cannot be compared like with like (a span that is not
//! over, files that begin too late, orders young enough to come back) the answer says so.

use clove_core::{Day, RefundDate};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::answer::{Amount, MoneyPer, MoneyShare, Quotient, Rate};
use crate::kpis::{KpiOptions, Kpis, kpis};
use crate::ledger::Ledger;
use crate::period::{Compare, Span};
use crate::repeat::repeat_purchase_rate;

/// Two spans and every figure in both.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// `previous` or `year`.
    pub with: &'static str,
    /// First day of the span that the figures of the answer are of.
    pub span_from: String,
    /// Its last day, at most the as-of.
    pub span_until: String,
    /// Its days.
    pub span_days: i32,
    /// First day of the span that it is compared with.
    pub from: String,
    /// Its last day.
    pub until: String,
    /// Its days.
    pub days: i32,
    /// Whether both spans are over, and the files hold all days of both.
    pub complete: bool,
    /// Whether orders of the span are young enough that some may still come back.
    pub provisional: bool,
    /// Why not complete or provisional, and how many days differ, in sentences.
    pub notes: Vec<String>,
    /// Each figure by its name among the key figures.
    #[serde(serialize_with = "by_name")]
    pub figures: Vec<(&'static str, Change)>,
}

/// A figure in both spans.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Change {
    /// In the span asked for.
    pub value: Option<Figure>,
    /// In the span that it is compared with; null if the files hold none of its days.
    pub before: Option<Figure>,
    /// `value - before`.
    pub difference: Option<Figure>,
    /// `value / before`; null over zero.
    pub ratio: Option<f64>,
}

/// A figure of any kind.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Figure {
    /// How many.
    Count(i64),
    /// A sum of money.
    Money(Amount),
    /// Money per head.
    Average(Quotient),
    /// A share, 1 = 100 %.
    Share(f64),
    /// A count per head.
    PerHead(f64),
}

impl Figure {
    fn as_f64(self) -> f64 {
        match self {
            Figure::Count(count) => count as f64,
            Figure::Money(amount) => amount.minor as f64,
            Figure::Average(quotient) => quotient.as_f64(),
            Figure::Share(value) | Figure::PerHead(value) => value,
        }
    }

    /// `self - other`; nothing for figures of two kinds.
    fn minus(self, other: Figure) -> Option<Figure> {
        Some(match (self, other) {
            (Figure::Count(a), Figure::Count(b)) => Figure::Count(a - b),
            (Figure::Money(a), Figure::Money(b)) => Figure::Money(Amount::new(a.minor - b.minor, a.currency)),
            (Figure::Average(a), Figure::Average(b)) => Figure::Average(a.minus(b)),
            (Figure::Share(a), Figure::Share(b)) => Figure::Share(a - b),
            (Figure::PerHead(a), Figure::PerHead(b)) => Figure::PerHead(a - b),
            _ => return None,
        })
    }
}

impl Change {
    /// The change from one figure to the other.
    pub fn new(value: Option<Figure>, before: Option<Figure>) -> Change {
        let both = value.zip(before);
        Change {
            value,
            before,
            difference: both.and_then(|(value, before)| value.minus(before)),
            ratio: both
                .filter(|(_, before)| before.as_f64() != 0.0)
                .map(|(value, before)| value.as_f64() / before.as_f64()),
        }
    }
}

/// A span, of which only the days up to the as-of have come, and the one that it is compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparedSpans {
    /// The days of the span that have come.
    pub come: Span,
    /// As many days of the other one.
    pub other: Span,
    /// Whether the shop has any day of the other one.
    pub is_known: bool,
    /// Whether both are over and known in full.
    pub complete: bool,
    /// Whether orders of the span are young enough that some may still come back.
    pub provisional: bool,
    /// Why not complete or provisional, and how many days differ, in sentences.
    pub notes: Vec<String>,
}

impl ComparedSpans {
    /// The spans, as far as the ledger knows them.
    pub fn new(ledger: &Ledger<'_>, span: Span, with: Compare) -> ComparedSpans {
        let come = Span { until: span.until.min(ledger.as_of()), ..span };
        let other = span.compared(with, ledger.as_of());
        let first = ledger.shop().orders.day.iter().copied().min();
        let provisional = ledger.as_of().since(come.until) < ledger.return_delay_days();
        let mut notes = incomplete(span, come, other, first);
        let complete = notes.is_empty();
        if come.days() != other.days() {
            notes.push(format!("{} days are compared with {}", come.days(), other.days()));
        }
        if provisional {
            notes.push(format!(
                "orders are usually returned within {} days: younger ones may still come back, so that returns are too low and net is too high",
                ledger.return_delay_days()
            ));
        }
        let is_known = first.is_some_and(|first| first <= other.until);
        ComparedSpans { come, other, is_known, complete, provisional, notes }
    }
}

/// Compares the key figures of a span, of which only the days up to the as-of have come.
pub fn compare(ledger: &Ledger<'_>, span: Span, with: Compare, refund_date: RefundDate) -> Comparison {
    let spans = ComparedSpans::new(ledger, span, with);
    let of = |span: Span| At {
        kpis: kpis(ledger, &KpiOptions { from: Some(span.from), until: Some(span.until), refund_date }),
        repeat_purchase_rate: repeat_purchase_rate(&Ledger::new(ledger.shop(), ledger.persons(), span.until)),
    };
    let (value, before) = (of(spans.come), spans.is_known.then(|| of(spans.other)));
    let figures = FIGURES
        .iter()
        .map(|(name, figure)| (*name, Change::new(figure(&value), before.as_ref().and_then(figure))))
        .collect();
    let ComparedSpans { come, other, complete, provisional, notes, .. } = spans;
    Comparison {
        with: with.name(),
        span_from: come.from.to_string(),
        span_until: come.until.to_string(),
        span_days: come.days(),
        from: other.from.to_string(),
        until: other.until.to_string(),
        days: other.days(),
        complete,
        provisional,
        notes,
        figures,
    }
}

/// Why the two spans are not whole.
fn incomplete(span: Span, come: Span, other: Span, first: Option<Day>) -> Vec<String> {
    let mut reasons = Vec::new();
    if come != span {
        reasons.push(format!(
            "{} of {} days have come: the other span is cut to as many days",
            come.days(),
            span.days()
        ));
    }
    let Some(first) = first else { return reasons };
    if first > other.until {
        reasons.push(format!(
            "the files begin on {first}, after {} to {}: nothing to compare with",
            other.from, other.until
        ));
    } else if first > other.from {
        reasons.push(format!("the files begin on {first}: days of {} to {} are missing", other.from, other.until));
    }
    if first > span.from {
        reasons.push(format!("the files begin on {first}: days of {} to {} are missing", span.from, span.until));
    }
    reasons
}

/// The key figures of one span, and the repeat purchase rate as of its last day.
struct At {
    kpis: Kpis,
    repeat_purchase_rate: Rate,
}

/// A figure of a span.
type FigureOf = fn(&At) -> Option<Figure>;

/// What is compared.
const FIGURES: [(&str, FigureOf); 17] = [
    ("orders", |at| Some(Figure::Count(at.kpis.orders as i64))),
    ("customers", |at| Some(Figure::Count(at.kpis.customers as i64))),
    ("new_customers", |at| Some(Figure::Count(at.kpis.new_customers as i64))),
    ("gross_sales", |at| at.kpis.gross_sales.map(Figure::Money)),
    ("discounts", |at| at.kpis.discounts.map(Figure::Money)),
    ("returns", |at| at.kpis.returns.map(Figure::Money)),
    ("net_sales", |at| at.kpis.net_sales.map(Figure::Money)),
    ("gross_margin", |at| at.kpis.gross_margin.map(Figure::Money)),
    ("aov_placed", |at| average(&at.kpis.aov_placed)),
    ("aov_net", |at| average(&at.kpis.aov_net)),
    ("transaction_frequency", |at| at.kpis.transaction_frequency.value.map(Figure::PerHead)),
    ("returning_customer_rate", |at| at.kpis.returning_customer_rate.and_then(share)),
    ("repeat_purchase_rate", |at| share(at.repeat_purchase_rate)),
    ("discount_share_orders", |at| share(at.kpis.discount_share_orders)),
    ("effective_discount_rate", |at| money_share(at.kpis.effective_discount_rate)),
    ("refund_rate_value", |at| money_share(at.kpis.refund_rate_value)),
    ("refund_rate_orders", |at| share(at.kpis.refund_rate_orders)),
];

fn average(value: &MoneyPer) -> Option<Figure> {
    value.value.map(Figure::Average)
}

fn share(rate: Rate) -> Option<Figure> {
    rate.value.map(Figure::Share)
}

fn money_share(share: MoneyShare) -> Option<Figure> {
    share.value.map(Figure::Share)
}

fn by_name<S: Serializer>(figures: &[(&'static str, Change)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(figures.len()))?;
    for (name, change) in figures {
        map.serialize_entry(name, change)?;
    }
    map.end()
}
