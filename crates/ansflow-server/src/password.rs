//! Passwords: what they must be, how they are stored, and that checking one takes as long for nobody as for somebody.

mod hasher;

use std::sync::atomic::{AtomicU64, Ordering};

use ansflow_store::Invalid;
use argon2::Params;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{CustomizedPasswordHasher as _, PasswordVerifier as _, generate_salt};
use tokio::sync::Semaphore;

use self::hasher::Hasher;
use crate::error::{ApiError, ApiResult};

/// What is checked where there is nothing to check: as expensive as the real one, and nobody's.
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$YW5zZmxvdyBkZWNveSE$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
/// At once, because each takes 19 MiB and a processor.
const AT_ONCE: usize = 2;

/// Hashes and checks, a few at a time.
pub(crate) struct Passwords {
    turns: Semaphore,
    checks: AtomicU64,
}

impl Default for Passwords {
    fn default() -> Passwords {
        Passwords { turns: Semaphore::new(AT_ONCE), checks: AtomicU64::new(0) }
    }
}

/// Whether this may be a password.
///
/// # Errors
/// What is wrong with it; never quotes it.
pub(crate) fn check_rule(field: &'static str, password: &str) -> Result<(), Invalid> {
    match password.chars().count() {
        10..=200 => Ok(()),
        _ => Err(Invalid::new(field, "a password has 10 to 200 characters")),
    }
}

impl Passwords {
    /// What to store of a password.
    pub(crate) async fn hash(&self, password: String) -> ApiResult<String> {
        self.in_turn(move || Hasher.hash_password_with_params(password.as_bytes(), &generate_salt(), params()))
            .await?
            .map(|hash| hash.to_string())
            .map_err(|error| ApiError::internal(&error))
    }

    /// Whether this is the password that was stored. Takes its time also where nothing was, or nothing of use.
    pub(crate) async fn verify(&self, password: String, stored: Option<String>) -> ApiResult<bool> {
        self.checks.fetch_add(1, Ordering::Relaxed);
        self.in_turn(move || {
            let stored = stored.as_deref().and_then(|stored| PasswordHash::new(stored).ok());
            let decoy = PasswordHash::new(DECOY).expect("a constant that a test reads");
            let known = stored.is_some();
            Hasher.verify_password(password.as_bytes(), stored.as_ref().unwrap_or(&decoy)).is_ok() && known
        })
        .await
    }

    /// How many were checked since the start.
    pub(crate) fn checks(&self) -> u64 {
        self.checks.load(Ordering::Relaxed)
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> ApiResult<T> {
        let _turn = self.turns.acquire().await.expect("it is never closed");
        tokio::task::spawn_blocking(work).await.map_err(|error| ApiError::internal(&error))
    }
}

fn params() -> Params {
    Params::new(19 * 1_024, 2, 1, None).expect("OWASP's numbers are within the limits")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_by_its_hash_and_a_decoy_is_nobodys() {
        let (passwords, before) = (Passwords::default(), resident_kib());
        let hash = passwords.hash("correct horse battery".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify("correct horse battery".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("correct horse".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("correct horse battery".to_owned(), None).await.unwrap());
        assert!(!passwords.verify("!".to_owned(), Some("!".to_owned())).await.unwrap());
        assert_eq!(passwords.checks(), 4, "every one of them did the whole work");
        let cost = |text: &str| text.split('$').nth(3).unwrap().to_owned();
        assert_eq!(cost(DECOY), cost(&hash), "the decoy costs what a real one costs");
        let kib = resident_kib();
        assert!(kib < before + 10 * 1_024, "{before} KiB became {kib} KiB: the memory of a hash was kept");
    }

    fn resident_kib() -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    #[test]
    fn a_password_is_neither_short_nor_endless() {
        assert!(check_rule("password", "123456789").is_err());
        assert!(check_rule("password", "密码密码密码密码密码").is_ok());
        assert!(check_rule("password", &"x".repeat(201)).is_err());
    }
}
