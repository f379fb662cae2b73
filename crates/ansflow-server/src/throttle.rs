//! Counts attempts, so that nobody can guess for long. In memory: a restart forgives, and costs who guesses more time
//! than it gives.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use crate::error::{ApiError, ApiResult};

/// Attempts are forgotten after so long: 15 minutes.
const WINDOW_MS: i64 = 15 * 60_000;
/// Of more keys than this, all are forgotten: memory is bounded whatever comes.
const MOST_KEYS: usize = 100_000;

/// Attempts by whom they are counted for.
#[derive(Default)]
pub(crate) struct Throttle {
    seen: Mutex<HashMap<String, Attempts>>,
}

#[derive(Clone, Copy)]
struct Attempts {
    since: i64,
    number: u32,
}

impl Throttle {
    /// Counts an attempt before it is made, so that many at once are counted too.
    ///
    /// # Errors
    /// 429 when there were `most` within the last minutes.
    pub(crate) fn take(&self, key: &str, most: u32, now: Timestamp) -> ApiResult<()> {
        let now = now.as_millisecond();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= MOST_KEYS {
            seen.retain(|_, attempts| attempts.since > now - WINDOW_MS);
            if seen.len() >= MOST_KEYS {
                seen.clear();
            }
        }
        let attempts = seen.entry(key.to_owned()).or_insert(Attempts { since: now, number: 0 });
        if attempts.since <= now - WINDOW_MS {
            *attempts = Attempts { since: now, number: 0 };
        }
        if attempts.number >= most {
            let wait_ms = attempts.since + WINDOW_MS - now;
            let seconds = u64::try_from(wait_ms).unwrap_or_default().div_ceil(1_000);
            return Err(ApiError::too_many("too many attempts have failed", seconds).help("wait, then try again"));
        }
        attempts.number += 1;
        Ok(())
    }

    /// The attempt was a good one and does not count.
    pub(crate) fn give_back(&self, key: &str) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(attempts) = seen.get_mut(key) {
            attempts.number = attempts.number.saturating_sub(1);
        }
    }

    /// Whoever it was is known now: earlier failures were theirs.
    pub(crate) fn forget(&self, key: &str) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}
