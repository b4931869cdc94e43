//! Where customers stand between two purchases: active, at risk, lapsed; and how they flow.
//!
//! Stages compare the days since the last purchase with the shop's own gaps. Population: customers with at least one
//! purchase; guests without a handle are left out, since they can never be seen to come back.

use std::collections::BTreeMap;

use clove_core::{Day, Persons, ShopData};
use serde::Serialize;

use crate::answer::Rate;
use crate::ledger::{Customer, Ledger};
use crate::period::Interval;
use crate::repeat::waits;
use crate::survival::{Survival, Wait, WaitCounts};
use crate::thresholds::Thresholds;

/// Completed gaps that are needed before the shop's own thresholds are used.
pub const ENOUGH_GAPS: u64 = 30;

/// A customer's stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Bought recently, by the shop's own rhythm.
    Active,
    /// Later than three out of four customers who came back.
    AtRisk,
    /// Later than nineteen out of twenty.
    Lapsed,
}

impl Stage {
    /// All stages.
    pub const ALL: [Stage; 3] = [Stage::Active, Stage::AtRisk, Stage::Lapsed];

    /// The stage of a customer with so many purchase days, so many days after the last one.
    pub fn of(thresholds: &Thresholds, purchase_days: u32, days_since_last: i32) -> Stage {
        let (active, at_risk) = thresholds.for_purchases(purchase_days);
        match days_since_last {
            days if days <= active => Stage::Active,
            days if days <= at_risk => Stage::AtRisk,
            _ => Stage::Lapsed,
        }
    }

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Active => "active",
            Stage::AtRisk => "at_risk",
            Stage::Lapsed => "lapsed",
        }
    }
}

/// The thresholds of a shop at a day, with the evidence they rest on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ThresholdSnapshot {
    /// The day that they were taken at.
    pub as_of: String,
    /// For customers with one purchase.
    pub after_first: StageThresholds,
    /// For customers with more.
    pub after_later: StageThresholds,
    #[serde(skip)]
    thresholds: Thresholds,
}

/// The two thresholds of a kind of customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct StageThresholds {
    /// Days up to which a customer is active.
    pub active_days: i32,
    /// Days up to which a customer is at risk, and beyond which lapsed.
    pub at_risk_days: i32,
    /// Completed gaps behind them.
    pub gaps: u64,
    /// Whether they are the shop's own; else they are 90 and 180 days for want of gaps.
    pub own: bool,
}

/// What the bare thresholds need of purchase days.
#[derive(Debug, Default)]
pub struct ThresholdSums {
    /// First gaps, and later ones.
    counts: [WaitCounts; 2],
}

impl ThresholdSums {
    /// Adds a customer's purchase days, ascending and distinct.
    pub fn add(&mut self, days: &[i32], as_of: Day) {
        for (index, &day) in days.iter().enumerate() {
            let wait = match days.get(index + 1) {
                Some(&next) => Wait { days: next - day, completed: true },
                None => Wait { days: as_of.0 - day, completed: false },
            };
            self.counts[usize::from(index > 0)].add(wait);
        }
    }

    /// What [`ThresholdSnapshot::take`] finds, without a ledger.
    pub fn thresholds(&self) -> Thresholds {
        let standard = Thresholds::default();
        let [after_first, after_later] =
            [(0, standard.after_first), (1, standard.after_later)].map(|(kind, standard)| {
                let found = stage_thresholds(&Survival::from_counts(&self.counts[kind]), standard);
                (found.active_days, found.at_risk_days)
            });
        Thresholds { after_first, after_later }
    }
}

impl ThresholdSnapshot {
    /// Takes the 75 % and 95 % quantiles of the time to the next purchase among those who return, estimated with
    /// right-censoring, first gaps apart from later ones.
    pub fn take(ledger: &Ledger<'_>) -> ThresholdSnapshot {
        let standard = Thresholds::default();
        let (first, later) = waits(ledger);
        let after_first = stage_thresholds(&Survival::new(first), standard.after_first);
        let after_later = stage_thresholds(&Survival::new(later), standard.after_later);
        ThresholdSnapshot {
            as_of: ledger.as_of().to_string(),
            thresholds: Thresholds {
                after_first: (after_first.active_days, after_first.at_risk_days),
                after_later: (after_later.active_days, after_later.at_risk_days),
            },
            after_first,
            after_later,
        }
    }

    /// The bare thresholds.
    pub fn thresholds(&self) -> Thresholds {
        self.thresholds
    }

    /// The stage of a customer with so many purchase days, so many days after the last one.
    pub fn stage(&self, purchase_days: usize, days_since_last: i32) -> Stage {
        Stage::of(&self.thresholds, purchase_days as u32, days_since_last)
    }

    /// The thresholds without their evidence.
    pub fn bare(&self) -> Thresholds {
        self.thresholds
    }

    /// The stage of a customer at the ledger's as-of; `None` without a purchase.
    pub fn stage_of(&self, ledger: &Ledger<'_>, customer: &Customer) -> Option<Stage> {
        let days = ledger.purchase_days(customer);
        days.last().map(|&last| self.stage(days.len(), ledger.as_of().since(last)))
    }
}

pub(crate) fn stage_thresholds(survival: &Survival, standard: (i32, i32)) -> StageThresholds {
    let own = survival
        .quantile_of_returning(0.75)
        .zip(survival.quantile_of_returning(0.95))
        .filter(|_| survival.completed >= ENOUGH_GAPS);
    let (active_days, at_risk_days) = own.unwrap_or(standard);
    StageThresholds { active_days, at_risk_days, gaps: survival.completed, own: own.is_some() }
}

/// Stages, flow, churn and loyalty.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Lifecycle {
    /// The last day that counts.
    pub as_of: String,
    /// Identified customers of all.
    pub identified_share: Rate,
    /// The thresholds used for the stages of today.
    pub thresholds: ThresholdSnapshot,
    /// How many customers have at least one purchase.
    pub n: u64,
    /// Customers per stage.
    pub stages: BTreeMap<&'static str, Rate>,
    /// Customers who lapsed in the period, of those not lapsed at its start.
    pub churn: Churn,
    /// Customers without a purchase in the last 12 months, of all who bought before them.
    pub no_purchase_in_12_months: Rate,
    /// Customers with three or more purchases and not lapsed, of all not lapsed.
    pub loyalty_rate: Rate,
    /// Who bought, came, came back and stayed away, period by period.
    pub flow: Vec<FlowPeriod>,
}

/// Churn over a period, with the thresholds fixed at its start and customers won during it left out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Churn {
    /// The day at whose end the period starts.
    pub start: String,
    /// The last day of the period.
    pub end: String,
    /// The thresholds at its start.
    pub thresholds: ThresholdSnapshot,
    /// Lapsed at the end of those not lapsed at the start.
    pub rate: Rate,
}

/// Customers of one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FlowPeriod {
    /// Its first day.
    pub start: String,
    /// Whether the period is over at the as-of.
    pub complete: bool,
    /// Customers with a purchase: new + returning + resurrected.
    pub active: u64,
    /// First purchase ever.
    pub new: u64,
    /// Bought in the period before, too.
    pub returning: u64,
    /// Bought earlier, but not in the period before.
    pub resurrected: u64,
    /// Bought in the period before, but not in this one.
    pub dormant: u64,
}

/// Stages today, churn over the last `churn_days`, and the flow by week or month.
pub fn lifecycle(shop: &ShopData, persons: &Persons, as_of: Day, period: Interval, churn_days: i32) -> Lifecycle {
    let ledger = Ledger::new(shop, persons, as_of);
    let snapshot = ThresholdSnapshot::take(&ledger);
    let (mut n, mut loyal, mut recent, mut long_known) = (0, 0, 0, 0);
    let mut stages: BTreeMap<Stage, u64> = Stage::ALL.into_iter().map(|stage| (stage, 0)).collect();
    let year_ago = Day(as_of.0 - 365);
    for customer in population(&ledger) {
        let days = ledger.purchase_days(customer);
        let (Some(&first), Some(&last)) = (days.first(), days.last()) else { continue };
        let stage = snapshot.stage(days.len(), as_of.since(last));
        n += 1;
        *stages.entry(stage).or_default() += 1;
        loyal += u64::from(stage != Stage::Lapsed && days.len() >= 3);
        long_known += u64::from(first <= year_ago);
        recent += u64::from(first <= year_ago && last > year_ago);
    }
    let not_lapsed = n - stages[&Stage::Lapsed];
    Lifecycle {
        as_of: as_of.to_string(),
        identified_share: ledger.identified_share(),
        n,
        stages: stages.iter().map(|(stage, &count)| (stage.name(), Rate::new(count, n))).collect(),
        churn: churn(shop, persons, &ledger, Day(as_of.0 - churn_days)),
        no_purchase_in_12_months: Rate::new(long_known - recent, long_known),
        loyalty_rate: Rate::new(loyal, not_lapsed),
        flow: flow(&ledger, period),
        thresholds: snapshot,
    }
}

fn population<'l>(ledger: &'l Ledger<'_>) -> impl Iterator<Item = &'l Customer> {
    ledger.customers().iter().filter(|customer| customer.identified)
}

fn churn(shop: &ShopData, persons: &Persons, end: &Ledger<'_>, start_day: Day) -> Churn {
    let start = Ledger::new(shop, persons, start_day);
    let snapshot = ThresholdSnapshot::take(&start);
    let at_end: BTreeMap<u32, &Customer> = end.customers().iter().map(|customer| (customer.person, customer)).collect();
    let (mut lapsed, mut all) = (0, 0);
    for customer in population(&start) {
        if snapshot.stage_of(&start, customer).is_none_or(|stage| stage == Stage::Lapsed) {
            continue;
        }
        all += 1;
        // A purchase returned in full since then leaves the customer without any: as good as lapsed.
        let stage = at_end.get(&customer.person).and_then(|customer| snapshot.stage_of(end, customer));
        lapsed += u64::from(stage.is_none_or(|stage| stage == Stage::Lapsed));
    }
    Churn {
        start: start_day.to_string(),
        end: end.as_of().to_string(),
        thresholds: snapshot,
        rate: Rate::new(lapsed, all),
    }
}

/// Period by period: who bought for the first time, again, again after a pause, and who paused.
pub fn flow(ledger: &Ledger<'_>, period: Interval) -> Vec<FlowPeriod> {
    #[derive(Default, Clone, Copy)]
    struct Counts {
        active: u64,
        new: u64,
        returning: u64,
        dormant: u64,
    }
    let mut counts: BTreeMap<i32, Counts> = BTreeMap::new();
    for customer in population(ledger) {
        let mut periods: Vec<i32> = ledger.purchases_of(customer).map(|order| period.of(ledger.day(order))).collect();
        periods.dedup();
        for (index, &current) in periods.iter().enumerate() {
            let before = index.checked_sub(1).map(|before| periods[before]);
            let entry = counts.entry(current).or_default();
            entry.active += 1;
            entry.new += u64::from(before.is_none());
            entry.returning += u64::from(before == Some(current - 1));
            if periods.get(index + 1) != Some(&(current + 1)) {
                counts.entry(current + 1).or_default().dormant += 1;
            }
        }
    }
    let Some((&first, _)) = counts.first_key_value() else { return Vec::new() };
    (first..=period.of(ledger.as_of()))
        .map(|number| {
            let counts = counts.get(&number).copied().unwrap_or_default();
            FlowPeriod {
                start: period.first_day(number).to_string(),
                complete: Day(period.first_day(number + 1).0 - 1) <= ledger.as_of(),
                active: counts.active,
                new: counts.new,
                returning: counts.returning,
                resurrected: counts.active - counts.new - counts.returning,
                dormant: counts.dormant,
            }
        })
        .collect()
}
