//! How long to wait before something is tried again: 10 s, twice as long each time, 5 minutes at most.

use std::collections::HashMap;
use std::time::Duration;

use crate::time::Micros;

const FIRST: Duration = Duration::from_secs(10);
const LONGEST: Duration = Duration::from_secs(300);

/// Waits by name, as client-go's `flowcontrol.Backoff` keeps them.
#[derive(Debug, Default)]
pub(super) struct Backoff(HashMap<String, Wait>);

#[derive(Debug, Copy, Clone)]
struct Wait {
    span: Duration,
    since: Micros,
}

impl Backoff {
    /// Whether it is too early to try again what ended at a moment, and how long the wait is.
    pub(super) fn after_end(&self, name: &str, ended: Micros, now: Micros) -> Option<Duration> {
        let wait = self.0.get(name).filter(|wait| !wait.is_forgotten(ended))?;
        (now.since(ended) < wait.span).then_some(wait.span)
    }

    /// Whether it is too early to try again what was last tried when the wait began.
    pub(super) fn after_try(&self, name: &str, now: Micros) -> bool {
        self.0.get(name).is_some_and(|wait| !wait.is_forgotten(now) && now.since(wait.since) < wait.span)
    }

    /// It is tried now: the next wait is twice as long.
    pub(super) fn next(&mut self, name: &str, at: Micros, now: Micros) {
        let known = self.0.get(name).filter(|wait| !wait.is_forgotten(at));
        let span = known.map_or(FIRST, |wait| wait.span.saturating_mul(2).min(LONGEST));
        self.0.insert(name.to_owned(), Wait { span, since: now });
    }

    /// It went well.
    pub(super) fn forget(&mut self, name: &str) {
        self.0.remove(name);
    }
}

impl Wait {
    /// After twice the longest wait without a try everything is as if nothing had been.
    fn is_forgotten(self, at: Micros) -> bool {
        at.since(self.since) > LONGEST.saturating_mul(2)
    }
}

/// As Go writes spans of whole seconds: `10s`, `1m20s`, `5m0s`.
pub(super) fn written(span: Duration) -> String {
    let seconds = span.as_secs();
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3_600 => format!("{}m{}s", seconds / 60, seconds % 60),
        _ => format!("{}h{}m{}s", seconds / 3_600, seconds / 60 % 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Micros {
        Micros(seconds * Micros::SECOND)
    }

    #[test]
    fn the_first_restart_is_at_once_and_each_wait_is_twice_as_long() {
        let mut crashes = Backoff::default();
        assert_eq!(crashes.after_end("app", at(0), at(0)), None);
        crashes.next("app", at(0), at(0));
        assert_eq!(crashes.after_end("app", at(1), at(2)), Some(Duration::from_secs(10)));
        assert_eq!(crashes.after_end("app", at(1), at(11)), None);
        crashes.next("app", at(1), at(11));
        assert_eq!(crashes.after_end("app", at(12), at(13)), Some(Duration::from_secs(20)));
    }

    #[test]
    fn what_ran_for_ten_minutes_begins_anew() {
        let mut crashes = Backoff::default();
        crashes.next("app", at(0), at(0));
        assert_eq!(crashes.after_end("app", at(700), at(701)), None);
        crashes.next("app", at(700), at(701));
        assert_eq!(crashes.after_end("app", at(702), at(703)), Some(FIRST));
    }

    #[test]
    fn spans_are_written_as_go_writes_them() {
        assert_eq!([10, 80, 300].map(|seconds| written(Duration::from_secs(seconds))), ["10s", "1m20s", "5m0s"]);
    }
}
