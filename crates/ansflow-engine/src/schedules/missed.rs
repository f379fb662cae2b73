//! What was due while nobody was there.

use ansflow_store::schedules::Schedule;
use jiff::{SignedDuration, Timestamp};

use super::cron::Cron;

/// So many are counted; of more it is only said that there were.
const MOST: usize = 1_000;

/// What was missed of a schedule.
pub(super) struct Missed {
    /// One sentence.
    pub(super) reason: String,
    /// The first time that was not: it may still be due.
    pub(super) next: Option<Timestamp>,
}

/// What was due for longer than `patience`; none: nothing was.
pub(super) fn missed(cron: &Cron, schedule: &Schedule, now: Timestamp, patience: SignedDuration) -> Option<Missed> {
    let in_time = now.checked_sub(patience).ok()?;
    let first = Timestamp::from_millisecond(schedule.next_at).ok()?;
    if first >= in_time {
        return None;
    }
    let (mut count, mut last, mut next) = (1, first, cron.next(first));
    while let Some(at) = next.filter(|at| *at < in_time) {
        if count == MOST {
            next = cron.next(in_time);
            break;
        }
        (count, last, next) = (count + 1, at, cron.next(at));
    }
    let reason = match count {
        1 => format!("AnsFlow was not running at {first}"),
        MOST => format!("AnsFlow was not running {MOST} times and more from {first} on"),
        count => format!("AnsFlow was not running {count} times from {first} to {last}"),
    };
    Some(Missed { reason, next })
}
