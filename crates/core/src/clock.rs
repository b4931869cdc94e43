//! Time as the logic sees it: passed in, never looked up.

use std::sync::atomic::{AtomicI64, Ordering};

/// A moment, or a length of time: microseconds; moments count from 1970-01-01 UTC.
pub type Micros = i64;

/// One second in [`Micros`].
pub const SECOND: Micros = 1_000_000;

/// What the time is. Logic gets one as an argument; only the edge of the program has one that looks at the machine.
pub trait Clock: Send + Sync {
    /// The current moment.
    fn now(&self) -> Micros;
}

/// A clock that stands still until it is moved, for tests and simulations.
#[derive(Debug, Default)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that shows this moment.
    pub fn new(at: Micros) -> ManualClock {
        ManualClock(AtomicI64::new(at))
    }

    /// Moves the clock forward (or back, if negative).
    pub fn advance(&self, by: Micros) {
        self.0.fetch_add(by, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Micros {
        self.0.load(Ordering::SeqCst)
    }
}
