//! Where customers stood at one day, and where they stand at a later one.
//!
//! Stages are told by the thresholds of the first day on both, as churn is: a shop whose customers take longer does not hide that they
//! do. Scores are told by the shop's own customers of each day. Population: identified customers with a purchase on either day.

use std::collections::{BTreeMap, HashMap};
use std::str::FromStr;

use clove_core::{Basis, Table, Values};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Amount, Rate};
use crate::ledger::Ledger;
use crate::lifecycle::ThresholdSnapshot;
use crate::rfm::rfm;

/// Who has no purchase: not yet, or everything was returned.
const NONE: &str = "none";
const SCORES: [&str; 5] = ["1", "2", "3", "4", "5"];

/// What is told of customers on both days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MigrationBy {
    /// Active, at risk, lapsed.
    #[default]
    Stage,
    /// Recency score.
    Recency,
    /// Frequency score.
    Frequency,
    /// Monetary score, by net value.
    Monetary,
}

impl MigrationBy {
    /// All of them.
    pub const ALL: [MigrationBy; 4] =
        [MigrationBy::Stage, MigrationBy::Recency, MigrationBy::Frequency, MigrationBy::Monetary];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            MigrationBy::Stage => "stage",
            MigrationBy::Recency => "recency_score",
            MigrationBy::Frequency => "frequency_score",
            MigrationBy::Monetary => "monetary_score",
        }
    }

    /// The places between which customers move, in their order.
    fn places(self) -> &'static [&'static str] {
        match self {
            MigrationBy::Stage => &["active", "at_risk", "lapsed"],
            _ => &SCORES,
        }
    }
}

impl FromStr for MigrationBy {
    type Err = String;

    fn from_str(text: &str) -> Result<MigrationBy, String> {
        MigrationBy::ALL.into_iter().find(|by| by.name() == text).ok_or_else(|| {
            let known = MigrationBy::ALL.map(MigrationBy::name).join(", ");
            format!("'{text}' is nothing that customers move by; choose {known}")
        })
    }
}

/// Customers who stood at one place and stand at another, or the same.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MigrationCell {
    /// Where they stood on the first day; `none` without a purchase until then.
    pub from: &'static str,
    /// Where they stand on the last day; `none` if everything was returned since.
    pub to: &'static str,
    /// How many, of all who stood at `from`.
    #[schema(value_type = Object)]
    pub customers: Rate,
    /// What they brought in between, net; null if the files have no amounts.
    #[schema(value_type = Option<String>, example = "614.10")]
    pub value: Option<Amount>,
}

/// Who moved where between two days.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Migration {
    /// The first day.
    pub from: String,
    /// The last day.
    pub until: String,
    /// What customers move by.
    pub by: &'static str,
    /// The places, in their order.
    pub places: Vec<&'static str>,
    /// The currency of amounts.
    pub currency: String,
    /// Customers.
    pub n: u64,
    /// Every pair of places that has customers, in the order of places, `none` last.
    pub cells: Vec<MigrationCell>,
}

/// Compares the places of customers as of the days of two ledgers of the whole shop. `only` marks, by number, the persons that are
/// counted; thresholds and scores stay those of the shop.
///
/// # Errors
/// What is wrong with the question, for people to read.
pub fn migration(
    start: &Ledger<'_>,
    end: &Ledger<'_>,
    by: MigrationBy,
    only: Option<&[bool]>,
) -> Result<Migration, String> {
    if start.as_of() >= end.as_of() {
        return Err(format!("the first day, {}, must lie before the last, {}", start.as_of(), end.as_of()));
    }
    let has_amounts = end.shop().has_amounts;
    if by == MigrationBy::Monetary && !has_amounts {
        return Err("the files have no amounts: value is not known".to_owned());
    }
    let (before, after) = match by {
        MigrationBy::Stage => {
            let thresholds = ThresholdSnapshot::take(start);
            (stages(start, &thresholds), stages(end, &thresholds))
        }
        _ => (scores(start, by), scores(end, by)),
    };
    let worth = |ledger: &Ledger<'_>| -> HashMap<u32, i64> {
        let customers = ledger.customers().iter();
        customers.map(|customer| (customer.person, ledger.value_of(customer, Basis::Net))).collect()
    };
    let (worth_before, worth_after) = (worth(start), worth(end));
    let places: Vec<&'static str> = by.places().iter().copied().chain([NONE]).collect();
    let place = |of: &HashMap<u32, usize>, person| of.get(&person).copied().unwrap_or(places.len() - 1);
    let mut counted: BTreeMap<(usize, usize), (u64, i64)> = BTreeMap::new();
    let mut stood = vec![0_u64; places.len()];
    let only_before = before.keys().filter(|person| !after.contains_key(person));
    let is_counted = |person: &&u32| only.is_none_or(|only| only[**person as usize]);
    for &person in after.keys().chain(only_before).filter(is_counted) {
        let (from, to) = (place(&before, person), place(&after, person));
        let gained = worth_after.get(&person).unwrap_or(&0) - worth_before.get(&person).unwrap_or(&0);
        let cell = counted.entry((from, to)).or_default();
        cell.0 += 1;
        cell.1 += gained;
        stood[from] += 1;
    }
    let cells = counted.into_iter().map(|((from, to), (count, gained))| MigrationCell {
        from: places[from],
        to: places[to],
        customers: Rate::new(count, stood[from]),
        value: has_amounts.then(|| Amount::new(gained, end.currency())),
    });
    Ok(Migration {
        from: start.as_of().to_string(),
        until: end.as_of().to_string(),
        by: by.name(),
        currency: end.currency().code().to_owned(),
        n: stood.iter().sum(),
        cells: cells.collect(),
        places,
    })
}

/// The place of each identified customer with a purchase.
fn stages(ledger: &Ledger<'_>, thresholds: &ThresholdSnapshot) -> HashMap<u32, usize> {
    let identified = ledger.customers().iter().filter(|customer| customer.identified);
    let stage = |customer| thresholds.stage_of(ledger, customer).map(|stage| stage as usize);
    identified.filter_map(|customer| Some((customer.person, stage(customer)?))).collect()
}

fn scores(ledger: &Ledger<'_>, by: MigrationBy) -> HashMap<u32, usize> {
    let of = |customer: &crate::rfm::RfmCustomer| match by {
        MigrationBy::Frequency => customer.frequency_score,
        MigrationBy::Monetary => customer.monetary_score.unwrap_or(1),
        _ => customer.recency_score,
    };
    let scored = rfm(ledger, Basis::Net).customers;
    scored.iter().map(|customer| (customer.person, usize::from(of(customer)) - 1)).collect()
}

impl Migration {
    /// One row per pair of places.
    pub fn table(&self, currency: clove_core::Currency) -> Table {
        let cells = self.cells.iter();
        let text = |of: fn(&MigrationCell) -> &'static str| {
            Values::Text(self.cells.iter().map(|cell| Some(of(cell).to_owned())).collect())
        };
        Table::new()
            .with("from", text(|cell| cell.from))
            .with("to", text(|cell| cell.to))
            .with("customers", Values::Int(cells.clone().map(|cell| Some(cell.customers.numerator as i64)).collect()))
            .with("share_of_from", Values::Share(cells.clone().map(|cell| cell.customers.value).collect()))
            .with(
                "value_between",
                Values::Money(cells.map(|cell| cell.value.map(|value| value.minor)).collect(), currency),
            )
    }
}
