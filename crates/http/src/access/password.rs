//! Passwords: argon2id, version 19, 19 MiB of memory, two passes, one lane (OWASP's first recommendation), 16 bytes of salt.

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use clove_core::IdGenerator;
use clove_store::{Result, StoreError};
use tokio::sync::Semaphore;

/// Characters of a password at least.
pub const SHORTEST_PASSWORD: usize = 12;
/// Characters of a password at most: more makes no password better, and hashing costs time.
pub const LONGEST_PASSWORD: usize = 256;

/// Memory in KiB, passes, lanes.
const PARAMETERS: (u32, u32, u32) = (19 * 1024, 2, 1);

/// Hashes made at the same time: each takes its memory and a core.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Stands in where there is no such user, so that the answer takes as long as for one that exists.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash_now("nobody has this password", &[7; 16]).ok());

/// Whether a password can be taken; the text says why not.
pub fn acceptable(password: &str, email: &str) -> std::result::Result<(), String> {
    match password.chars().count() {
        ..SHORTEST_PASSWORD => Err(format!("a password needs {SHORTEST_PASSWORD} characters or more")),
        length if length > LONGEST_PASSWORD => Err(format!("a password has {LONGEST_PASSWORD} characters at most")),
        _ if password.eq_ignore_ascii_case(email) => Err("the password must not be the e-mail address".to_owned()),
        _ => Ok(()),
    }
}

/// The hash of a password, in PHC form.
pub async fn hash(password: &str, ids: &IdGenerator) -> Result<String> {
    let mut salt = [0_u8; 16];
    ids.fill(&mut salt);
    let password = password.to_owned();
    on_a_thread(move || hash_now(&password, &salt)).await
}

/// Whether a password is the one of this hash. Without a hash it is not, and it takes as long to say so.
pub async fn verify(password: &str, hash: Option<&str>) -> Result<bool> {
    let password = password.to_owned();
    let hash = hash.map(str::to_owned);
    on_a_thread(move || {
        let (Some(text), known) = (hash.as_deref().or(NOBODY.as_deref()), hash.is_some()) else { return Ok(false) };
        let parsed = PasswordHash::new(text).map_err(unreadable)?;
        Ok(argon2()?.verify_password(password.as_bytes(), &parsed).is_ok() && known)
    })
    .await
}

async fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let _turn = AT_ONCE.acquire().await.map_err(|_| StoreError::Stopped("hashing of passwords"))?;
    tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Stopped("hashing of passwords"))?
}

fn hash_now(password: &str, salt: &[u8]) -> Result<String> {
    let hash: PasswordHash = argon2()?.hash_password_with_salt(password.as_bytes(), salt).map_err(unreadable)?;
    Ok(hash.to_string())
}

fn argon2() -> Result<Argon2<'static>> {
    let (memory, passes, lanes) = PARAMETERS;
    let parameters = Params::new(memory, passes, lanes, None).map_err(unreadable)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters))
}

fn unreadable(error: impl std::fmt::Display) -> StoreError {
    StoreError::Migration { reason: format!("a password hash cannot be made or read: {error}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_alone() {
        let ids = IdGenerator::new([3; 32]);
        let hash = hash("correct horse battery", &ids).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify("correct horse battery", Some(&hash)).await.unwrap());
        assert!(!verify("correct horse batterz", Some(&hash)).await.unwrap());
        assert!(!verify("nobody has this password", None).await.unwrap());
        assert!(
            acceptable("short", "a@b.c").is_err() && acceptable("a-long-address@b.c", "A-long-address@b.c").is_err()
        );
    }
}
