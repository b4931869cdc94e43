//! How many requests a caller may make: a bucket of tokens for each key, session or address.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue};
use clove_store::Db;
use governor::clock::Clock;
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::access::{Caller, Identity, Scope};
use crate::client::Client;
use crate::problem::{Problem, ProblemCode};

/// How many requests: so many a second in the long run, so many at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Requests a second in the long run.
    pub per_second: NonZeroU32,
    /// Requests at once, after a pause.
    pub burst: NonZeroU32,
}

impl Limit {
    /// A limit; zeros are taken as one.
    pub const fn new(per_second: u32, burst: u32) -> Limit {
        const fn at_least_one(number: u32) -> NonZeroU32 {
            match NonZeroU32::new(number) {
                Some(number) => number,
                None => NonZeroU32::MIN,
            }
        }
        Limit { per_second: at_least_one(per_second), burst: at_least_one(burst) }
    }
}

impl FromStr for Limit {
    type Err = String;

    /// `100` or `100/1000`: requests a second, and how many at once (ten times as many, if not said).
    fn from_str(text: &str) -> Result<Limit, String> {
        let wrong = || format!("'{text}' is no limit; write for instance 100/1000: 100 a second, 1000 at once");
        let number = |text: &str| text.trim().parse::<NonZeroU32>().map_err(|_| wrong());
        if let Some((rate, burst)) = text.split_once('/') {
            Ok(Limit { per_second: number(rate)?, burst: number(burst)? })
        } else {
            let per_second = number(text)?;
            Ok(Limit { per_second, burst: per_second.saturating_mul(NonZeroU32::MIN.saturating_add(9)) })
        }
    }
}

/// The limits of each kind of caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateSettings {
    /// Keys that may hand in facts: a shop's whole stream comes through one of them.
    pub ingest: Limit,
    /// Other keys.
    pub keys: Limit,
    /// Sessions of people.
    pub sessions: Limit,
    /// Addresses of callers who have not shown who they are.
    pub addresses: Limit,
}

impl Default for RateSettings {
    fn default() -> RateSettings {
        RateSettings {
            ingest: Limit::new(20_000, 40_000),
            keys: Limit::new(100, 1_000),
            sessions: Limit::new(50, 500),
            addresses: Limit::new(20, 200),
        }
    }
}

/// The store's clock, as governor wants it.
#[derive(Clone)]
struct StoreClock(Db);

impl Clock for StoreClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.now()).unwrap_or(0))
    }
}

type Buckets<K> = RateLimiter<K, HashMapStateStore<K>, StoreClock, StateInformationMiddleware>;

/// The buckets of all callers of this process. Several processes count for themselves.
pub struct RateLimits {
    clock: StoreClock,
    ingest: Buckets<String>,
    keys: Buckets<String>,
    sessions: Buckets<Vec<u8>>,
    addresses: Buckets<IpAddr>,
}

/// What a caller may still do, for the answer's headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Requests at once.
    pub limit: u32,
    /// Requests at once that are left.
    pub remaining: u32,
    /// Seconds until all of them are there again.
    pub reset_seconds: u64,
}

impl Allowance {
    /// Writes `RateLimit-Limit`, `-Remaining` and `-Reset`.
    pub fn write(&self, headers: &mut HeaderMap) {
        headers.insert("ratelimit-limit", HeaderValue::from(self.limit));
        headers.insert("ratelimit-remaining", HeaderValue::from(self.remaining));
        headers.insert("ratelimit-reset", HeaderValue::from(self.reset_seconds));
    }
}

impl RateLimits {
    /// Full buckets.
    pub fn new(db: &Db, settings: &RateSettings) -> RateLimits {
        let clock = StoreClock(db.clone());
        RateLimits {
            ingest: buckets(settings.ingest, &clock),
            keys: buckets(settings.keys, &clock),
            sessions: buckets(settings.sessions, &clock),
            addresses: buckets(settings.addresses, &clock),
            clock,
        }
    }

    /// Takes a token out of the caller's bucket. A caller without identity and address, who did not come over the network,
    /// has no limit.
    ///
    /// # Errors
    /// [`ProblemCode::RateLimited`] with the seconds until there is a token again, if the bucket is empty.
    pub fn take(&self, caller: Option<&Caller>, client: &Client) -> Result<Option<Allowance>, (Problem, Allowance)> {
        match caller.map(|caller| &caller.identity) {
            Some(Identity::Key(key)) if key.may(Scope::Ingest) => self.out_of(&self.ingest, &key.id),
            Some(Identity::Key(key)) => self.out_of(&self.keys, &key.id),
            Some(Identity::User { session, .. } | Identity::KeySession { session, .. }) => {
                self.out_of(&self.sessions, session)
            }
            None => match client.bucket() {
                Some(address) => self.out_of(&self.addresses, &address),
                None => return Ok(None),
            },
        }
        .map(Some)
    }

    /// Forgets full buckets, so that memory does not grow with every address ever seen. To be called now and then.
    pub fn forget_idle(&self) {
        self.ingest.retain_recent();
        self.keys.retain_recent();
        self.sessions.retain_recent();
        self.addresses.retain_recent();
        self.addresses.shrink_to_fit();
    }

    fn out_of<K: Hash + Eq + Clone>(&self, buckets: &Buckets<K>, key: &K) -> Result<Allowance, (Problem, Allowance)> {
        match buckets.check_key(key) {
            Ok(state) => {
                let (limit, remaining) = (state.quota().burst_size().get(), state.remaining_burst_capacity());
                let missing = state.quota().replenish_interval().saturating_mul(limit.saturating_sub(remaining));
                Ok(Allowance { limit, remaining, reset_seconds: seconds(missing) })
            }
            Err(not_until) => {
                let wait = not_until.wait_time_from(self.clock.now());
                let quota = not_until.quota();
                let full = wait.saturating_add(quota.burst_size_replenished_in());
                let allowance =
                    Allowance { limit: quota.burst_size().get(), remaining: 0, reset_seconds: seconds(full) };
                let problem = Problem::new(ProblemCode::RateLimited, "send the same request later")
                    .retry_after(seconds(wait).max(1));
                Err((problem, allowance))
            }
        }
    }
}

fn buckets<K: Hash + Eq + Clone>(limit: Limit, clock: &StoreClock) -> Buckets<K> {
    let quota = Quota::per_second(limit.per_second).allow_burst(limit.burst);
    RateLimiter::hashmap_with_clock(quota, clock.clone()).with_middleware::<StateInformationMiddleware>()
}

/// Whole seconds, rounded up.
fn seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use clove_core::ManualClock;
    use clove_core::clock::SECOND;
    use clove_store::{DatabaseUrl, Environment};

    use super::*;

    #[test]
    fn limits_are_read() {
        assert_eq!("100/1000".parse::<Limit>().unwrap(), Limit::new(100, 1_000));
        assert_eq!("7".parse::<Limit>().unwrap(), Limit::new(7, 70));
        assert!("0".parse::<Limit>().is_err() && "a/b".parse::<Limit>().is_err() && "5/".parse::<Limit>().is_err());
    }

    #[tokio::test]
    async fn a_bucket_empties_and_fills_again() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::new(1_767_225_600 * SECOND));
        let environment = Environment::new(Arc::clone(&clock) as _, [1; 32]);
        let db = Db::open(&DatabaseUrl::Folder(folder.path().to_owned()), environment).await.unwrap();
        let settings = RateSettings { addresses: Limit::new(2, 3), ..RateSettings::default() };
        let limits = RateLimits::new(&db, &settings);
        let client = Client { address: Some("203.0.113.5".parse().unwrap()), ..Client::default() };
        for remaining in [2, 1, 0] {
            let allowance = limits.take(None, &client).unwrap().unwrap();
            assert_eq!((allowance.limit, allowance.remaining), (3, remaining));
        }
        let (problem, allowance) = limits.take(None, &client).unwrap_err();
        assert_eq!(
            (problem.code, problem.retry_after_seconds, allowance.remaining),
            (ProblemCode::RateLimited, Some(1), 0)
        );
        let other = Client { address: Some("203.0.113.6".parse().unwrap()), ..Client::default() };
        assert!(limits.take(None, &other).is_ok(), "others have buckets of their own");
        clock.advance(SECOND / 2);
        assert!(limits.take(None, &client).is_ok() && limits.take(None, &client).is_err());
        clock.advance(60 * SECOND);
        limits.forget_idle();
        assert_eq!(limits.addresses.len(), 0);
        assert!(limits.take(None, &Client::default()).unwrap().is_none());
    }
}
