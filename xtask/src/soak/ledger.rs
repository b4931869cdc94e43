//! What the clients were told is safe: kept here, and as lines of a file.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Context;

/// Everything that was acknowledged.
pub struct Ledger {
    state: Mutex<State>,
}

struct State {
    file: File,
    orders: BTreeMap<u64, Acknowledged>,
    events: BTreeMap<u64, u64>,
    repeated: u64,
}

/// The state of an order that was acknowledged last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acknowledged {
    /// Number of the customer.
    pub customer: u64,
    /// Its value in cents.
    pub cents: u64,
}

impl Ledger {
    /// An empty ledger that also writes to a file.
    pub fn create(path: &Path) -> anyhow::Result<Ledger> {
        let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
        let state = State { file, orders: BTreeMap::new(), events: BTreeMap::new(), repeated: 0 };
        Ok(Ledger { state: Mutex::new(state) })
    }

    /// Notes the newest acknowledged state of an order.
    pub fn order(&self, number: u64, state: Acknowledged) -> anyhow::Result<()> {
        let mut ledger = self.lock();
        writeln!(ledger.file, "order {number} {} {}", state.customer, state.cents)?;
        ledger.orders.insert(number, state);
        Ok(())
    }

    /// Notes an acknowledged event of a customer.
    pub fn event(&self, number: u64, customer: u64) -> anyhow::Result<()> {
        let mut ledger = self.lock();
        writeln!(ledger.file, "event {number} {customer}")?;
        ledger.events.insert(number, customer);
        Ok(())
    }

    /// Counts a request that was sent again although it had been acknowledged, or whose first answer was lost.
    pub fn repeated(&self) {
        self.lock().repeated += 1;
    }

    /// All orders by number.
    pub fn orders(&self) -> BTreeMap<u64, Acknowledged> {
        self.lock().orders.clone()
    }

    /// All events by number, with their customers.
    pub fn events(&self) -> BTreeMap<u64, u64> {
        self.lock().events.clone()
    }

    /// How many requests were sent more than once.
    pub fn repetitions(&self) -> u64 {
        self.lock().repeated
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
