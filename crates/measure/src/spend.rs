//! Sales and marketing cost by month and channel, up to the as-of.

use std::collections::BTreeMap;

use clove_core::{Minor, Month, SpendKind};

use crate::ledger::Ledger;

/// Cost of one month or channel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    /// Advertising media only.
    pub media: Minor,
    /// Every kind of cost.
    pub all: Minor,
}

impl Cost {
    fn add(&mut self, kind: SpendKind, amount: Minor) {
        self.all += amount;
        if kind == SpendKind::Media {
            self.media += amount;
        }
    }
}

/// A shop's spend, each row spread over its days and cut at the as-of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spend {
    /// By month and channel; unallocated cost has no channel.
    pub by_month_and_channel: BTreeMap<(Month, Option<String>), Cost>,
}

impl Spend {
    /// The spend up to the ledger's as-of.
    pub fn new(ledger: &Ledger<'_>) -> Spend {
        let mut spend = Spend::default();
        for row in &ledger.shop().spend {
            for (day, amount) in row.by_day().filter(|&(day, _)| day <= ledger.as_of()) {
                let key = (day.month(), row.channel.clone());
                spend.by_month_and_channel.entry(key).or_default().add(row.kind, amount);
            }
        }
        spend
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_month_and_channel.is_empty()
    }

    /// All cost of a month written as `2026-02`; nothing if there is no spend data at all.
    pub fn of_month(&self, month: &str) -> Option<Minor> {
        let month: Month = month.parse().ok()?;
        let rows = self.by_month_and_channel.iter().filter(|((row, _), _)| *row == month);
        (!self.is_empty()).then(|| rows.map(|(_, cost)| cost.all).sum())
    }

    /// All cost of a channel; nothing if it never had any.
    pub fn of_channel(&self, channel: &str) -> Option<Minor> {
        let rows = self.by_month_and_channel.iter().filter(|((_, row), _)| row.as_deref() == Some(channel));
        rows.map(|(_, cost)| cost.all).reduce(|a, b| a + b)
    }
}
