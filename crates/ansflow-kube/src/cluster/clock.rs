//! The cluster's clock, by the `Date` of its answers: machines disagree, and its objects carry its own time.

use hyper::header::{DATE, HeaderMap};
use jiff::{SignedDuration, Timestamp};
use std::sync::atomic::{AtomicI64, Ordering};

/// By how many seconds the cluster is ahead of us.
#[derive(Default)]
pub(super) struct Clock(AtomicI64);

impl Clock {
    pub(super) fn hear(&self, headers: &HeaderMap) {
        let date = headers.get(DATE).and_then(|date| date.to_str().ok());
        let told = date.and_then(|date| jiff::fmt::rfc2822::parse(date).ok());
        if let Some(told) = told {
            self.0.store(told.timestamp().as_second() - Timestamp::now().as_second(), Ordering::Relaxed);
        }
    }

    pub(super) fn time(&self) -> Timestamp {
        let ahead = SignedDuration::from_secs(self.0.load(Ordering::Relaxed));
        Timestamp::now().checked_add(ahead).unwrap_or_else(|_| Timestamp::now())
    }
}
