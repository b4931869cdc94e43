//! Time and randomness of the running program: the edge where they are looked up.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use clove_core::{Clock, IdGenerator, Micros};
use uuid::Uuid;

/// The machine's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Micros {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// What the store needs of the world outside: time and ids.
#[derive(Clone)]
pub struct Environment {
    /// What the time is.
    pub clock: Arc<dyn Clock>,
    /// Where ids and secrets come from.
    pub ids: Arc<IdGenerator>,
}

impl Environment {
    /// The machine's clock, and ids from the system's randomness.
    pub fn system() -> Environment {
        let mut seed = [0; 32];
        seed[..16].copy_from_slice(Uuid::new_v4().as_bytes());
        seed[16..].copy_from_slice(Uuid::new_v4().as_bytes());
        Environment::new(Arc::new(SystemClock), seed)
    }

    /// This clock, and ids from this seed.
    pub fn new(clock: Arc<dyn Clock>, seed: [u8; 32]) -> Environment {
        Environment { clock, ids: Arc::new(IdGenerator::new(seed)) }
    }
}
