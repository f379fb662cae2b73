//! Which keys a controller is to look at: each once, however often it is named, and later after every failure.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

use crate::store::Key;
use crate::time::Micros;

const FIRST_DELAY: Duration = Duration::from_millis(5);
const LONGEST_DELAY: Duration = Duration::from_secs(1_000);

/// A key that falls due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Due {
    pub(super) at: Micros,
    pub(super) number: u64,
    pub(super) worker: usize,
    pub(super) key: Key,
    /// It was asked for at a moment, not by a change.
    pub(super) timer: bool,
}

/// The earliest is the greatest, which is what a heap gives first.
impl Ord for Due {
    fn cmp(&self, other: &Due) -> Ordering {
        (other.at, other.number).cmp(&(self.at, self.number))
    }
}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Due) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The state of one controller's keys.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: HashSet<Key>,
    /// When each key is looked at next without any change: one moment a key, the earliest, and the number it waits under.
    timers: HashMap<Key, (Micros, u64)>,
    failures: HashMap<Key, u32>,
}

impl Queue {
    /// Whether a key is to be queued: not, where it waits already.
    pub(super) fn wants(&mut self, key: &Key) -> bool {
        self.waiting.insert(key.clone())
    }

    /// Whether a timer is to be set: not, where an earlier one is. A later one is forgotten.
    pub(super) fn wants_at(&mut self, key: &Key, at: Micros, number: u64) -> bool {
        if self.timers.get(key).is_some_and(|(planned, _)| *planned <= at) {
            return false;
        }
        self.timers.insert(key.clone(), (at, number));
        true
    }

    /// Whether a timer was forgotten since it was set.
    pub(super) fn is_stale(&self, due: &Due) -> bool {
        due.timer && self.timers.get(&due.key).is_none_or(|(_, number)| *number != due.number)
    }

    /// A key's turn has come; a timer that is due is served by the same look.
    pub(super) fn taken(&mut self, due: &Due, now: Micros) {
        if due.timer || self.timers.get(&due.key).is_some_and(|(planned, _)| *planned <= now) {
            self.timers.remove(&due.key);
        }
        if !due.timer {
            self.waiting.remove(&due.key);
        }
    }

    pub(super) fn succeeded(&mut self, key: &Key) {
        self.failures.remove(key);
    }

    /// How long to wait before the key is looked at again: 5 ms, and twice as long after each failure.
    pub(super) fn failed(&mut self, key: &Key) -> Duration {
        let failures = self.failures.entry(key.clone()).or_default();
        let delay = FIRST_DELAY.saturating_mul(1 << (*failures).min(20));
        *failures += 1;
        delay.min(LONGEST_DELAY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::KindId;

    #[test]
    fn failures_wait_twice_as_long_each_time_until_one_succeeds() {
        let (mut queue, key) = (Queue::default(), Key::new(KindId(0), "demo", "web"));
        let delays: Vec<u128> = (0..4).map(|_| queue.failed(&key).as_millis()).collect();
        assert_eq!(delays, [5, 10, 20, 40]);
        queue.succeeded(&key);
        assert_eq!(queue.failed(&key).as_millis(), 5);
        assert!((0..40).map(|_| queue.failed(&key)).last() == Some(LONGEST_DELAY));
    }

    #[test]
    fn a_key_waits_once() {
        let (mut queue, key) = (Queue::default(), Key::new(KindId(0), "demo", "web"));
        assert!(queue.wants(&key));
        assert!(!queue.wants(&key));
        queue.taken(&Due { at: Micros(0), number: 1, worker: 0, key: key.clone(), timer: false }, Micros(0));
        assert!(queue.wants(&key));
    }

    #[test]
    fn a_key_has_one_timer_the_earliest() {
        let (mut queue, key) = (Queue::default(), Key::new(KindId(0), "demo", "web"));
        let due = |number| Due { at: Micros(0), number, worker: 0, key: key.clone(), timer: true };
        assert!(queue.wants_at(&key, Micros(50), 1));
        assert!(!queue.wants_at(&key, Micros(60), 2));
        assert!(queue.wants_at(&key, Micros(40), 3));
        assert!(queue.is_stale(&due(1)));
        assert!(!queue.is_stale(&due(3)));
        queue.taken(&due(3), Micros(40));
        assert!(queue.is_stale(&due(1)));
        assert!(queue.wants_at(&key, Micros(60), 4));
    }
}
