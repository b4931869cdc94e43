//! Wrong passwords make the next try wait, per account and per address.
//!
//! A try is counted before the password is looked at, so that many at once do not slip through together; a right password
//! clears the account's count. Counts lie in the database: they hold over restarts and for all processes.

use std::net::IpAddr;

use clove_core::Micros;
use clove_core::clock::SECOND;
use clove_store::{Db, Result, Tx};
use uuid::Uuid;

use crate::problem::{Problem, ProblemCode};

clove_store::statements! {
    SELECT_FAILURES = each(
        "SELECT failures, last_at FROM sign_in_failure WHERE bucket = $1",
        "SELECT failures, last_at FROM sign_in_failure WHERE bucket = $1 FOR UPDATE",
    );
    COUNT_FAILURE = both("INSERT INTO sign_in_failure (bucket, failures, last_at) VALUES ($1, 1, $2) \
        ON CONFLICT (bucket) DO UPDATE SET failures = sign_in_failure.failures + 1, last_at = excluded.last_at");
    FORGET_FAILURES = both("DELETE FROM sign_in_failure WHERE bucket = $1");
    FORGET_OLD_FAILURES = both("DELETE FROM sign_in_failure WHERE last_at < $1");
}

/// Tries of an account without a pause. Later ones wait 1, 2, 4, ... seconds, up to [`LONGEST_PAUSE`].
const FREE_PER_ACCOUNT: i64 = 5;
/// Tries from an address without a pause: several people may share one.
const FREE_PER_ADDRESS: i64 = 30;
/// The longest pause. Whoever knows an e-mail address can keep its owner out no longer than this at a time.
const LONGEST_PAUSE: Micros = 5 * 60 * SECOND;
/// After this time without a try, counts are forgotten.
const FORGOTTEN_AFTER: Micros = 3_600 * SECOND;

/// What a try is counted under.
#[derive(Debug, Clone, Copy)]
pub(super) struct Buckets {
    account: Uuid,
    address: Option<Uuid>,
}

impl Buckets {
    /// The buckets of a try to sign in as `email` from `address`.
    pub(super) fn of(db: &Db, email: &str, address: Option<IpAddr>) -> Buckets {
        let key = db.hash_key();
        Buckets {
            account: key.hash("sign-in account", &[email]),
            address: address.map(|address| key.hash("sign-in address", &[&address.to_string()])),
        }
    }
}

/// Counts a try, or refuses it because the pause is not over. Commits by itself.
///
/// # Errors
/// [`ProblemCode::RateLimited`] with the seconds to wait.
pub(super) async fn count(db: &Db, buckets: Buckets) -> Result<(), Problem> {
    let now = db.now();
    let mut tx = db.begin().await?;
    tx.execute(FORGET_OLD_FAILURES.query().bind(now - FORGOTTEN_AFTER)).await?;
    let mut wait = pause(&mut tx, buckets.account, FREE_PER_ACCOUNT, now).await?;
    if let Some(address) = buckets.address {
        wait = wait.max(pause(&mut tx, address, FREE_PER_ADDRESS, now).await?);
    }
    if wait > 0 {
        let seconds = u64::try_from(wait.div_euclid(SECOND) + 1).unwrap_or(1);
        return Err(Problem::new(ProblemCode::RateLimited, format!("too many tries; the next one in {seconds} s"))
            .retry_after(seconds));
    }
    for bucket in std::iter::once(buckets.account).chain(buckets.address) {
        tx.execute(COUNT_FAILURE.query().bind(bucket).bind(now)).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Forgets the account's tries, within the transaction that signs in. The address keeps its own: else a try on one's own
/// account now and then would clear the way for tries on others.
pub(super) async fn forget(tx: &mut Tx, buckets: Buckets) -> Result<()> {
    tx.execute(FORGET_FAILURES.query().bind(buckets.account)).await?;
    Ok(())
}

/// How long until the next try is allowed.
async fn pause(tx: &mut Tx, bucket: Uuid, free: i64, now: Micros) -> Result<Micros> {
    let row: Option<(i64, i64)> = tx.fetch_optional(SELECT_FAILURES.query().bind(bucket)).await?;
    Ok(row.map_or(0, |(failures, last_at)| (last_at + pause_after(failures, free) - now).max(0)))
}

fn pause_after(failures: i64, free: i64) -> Micros {
    match failures - free {
        ..0 => 0,
        above => SECOND.saturating_mul(1_i64 << above.min(20)).min(LONGEST_PAUSE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_bound() {
        assert_eq!(pause_after(4, 5), 0);
        assert_eq!(pause_after(5, 5), SECOND);
        assert_eq!(pause_after(8, 5), 8 * SECOND);
        assert_eq!(pause_after(4_000, 5), LONGEST_PAUSE);
    }
}
