//! Counting by day, and percentiles. Nothing here asks anybody.

use ansflow_store::statistics::DAY_MS;
use jiff::Timestamp;

use super::views::{Day, StepTally, Tally};

/// Counts and durations of each day of a window, and of all of it.
#[derive(Debug, Default)]
pub(super) struct Days {
    all: Bucket,
    each: Vec<Bucket>,
}

#[derive(Debug, Default, Clone)]
struct Bucket {
    tally: StepTally,
    durations: Vec<u64>,
}

impl Days {
    /// Of so many days without anything.
    pub(super) fn new(days: u32) -> Days {
        Days { all: Bucket::default(), each: vec![Bucket::default(); days as usize] }
    }

    /// So many more ended this way on this day.
    pub(super) fn count(&mut self, day: i64, status: &str, times: u64) {
        for bucket in self.both(day) {
            bucket.tally.add(status, times);
        }
    }

    /// One of that day took so long.
    pub(super) fn took(&mut self, day: i64, ms: u64) {
        for bucket in self.both(day) {
            bucket.durations.push(ms);
        }
    }

    fn both(&mut self, day: i64) -> impl Iterator<Item = &mut Bucket> {
        // What ended after midnight, while we were asking, is today's.
        let last = self.each.len().saturating_sub(1);
        let day = usize::try_from(day).unwrap_or_default().min(last);
        [Some(&mut self.all), self.each.get_mut(day)].into_iter().flatten()
    }

    /// Of all of it: the counts.
    pub(super) fn tally(&self) -> StepTally {
        self.all.tally
    }

    /// Of all of it: how long half of them and nearly all of them took at most.
    pub(super) fn percentiles(&mut self) -> (Option<u64>, Option<u64>) {
        percentiles(&mut self.all.durations)
    }

    /// Every day, the oldest first; `from` is when that began.
    pub(super) fn trend(&mut self, from: i64) -> Vec<Day> {
        let day = |(number, bucket): (i64, &mut Bucket)| {
            let (p50_ms, p95_ms) = percentiles(&mut bucket.durations);
            let StepTally { success, failed, cancelled, timed_out, skipped: _ } = bucket.tally;
            Day { day: date(from + number * DAY_MS), success, failed, cancelled, timed_out, p50_ms, p95_ms }
        };
        (0..).zip(&mut self.each).map(day).collect()
    }
}

impl StepTally {
    fn add(&mut self, status: &str, times: u64) {
        match status {
            "success" => self.success += times,
            "failed" => self.failed += times,
            "cancelled" => self.cancelled += times,
            "timed_out" => self.timed_out += times,
            "skipped" => self.skipped += times,
            // A word of a later AnsFlow is no end that we know.
            _ => (),
        }
    }

    /// Of those that came to a verdict, the part that failed or timed out.
    pub(super) fn failure_rate(self) -> Option<f64> {
        let bad = self.failed + self.timed_out;
        let all = self.success + bad;
        #[expect(clippy::cast_precision_loss, reason = "nobody counts runs beyond 2^52, and a rate is rounded anyway")]
        (all > 0).then(|| bad as f64 / all as f64)
    }
}

impl From<StepTally> for Tally {
    fn from(tally: StepTally) -> Tally {
        let StepTally { success, failed, cancelled, timed_out, skipped: _ } = tally;
        Tally { success, failed, cancelled, timed_out }
    }
}

/// How long half of them and nineteen of twenty took at most: of the sorted ones, the first that so many do not exceed.
pub(super) fn percentiles(durations: &mut [u64]) -> (Option<u64>, Option<u64>) {
    durations.sort_unstable();
    let nearest = |percent: usize| {
        let rank = (durations.len() * percent).div_ceil(100);
        durations.get(rank.saturating_sub(1)).copied()
    };
    (nearest(50), nearest(95))
}

fn date(ms: i64) -> String {
    let at = Timestamp::from_millisecond(ms).unwrap_or_default();
    at.to_string().chars().take(10).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(durations: &[u64], expect: (Option<u64>, Option<u64>)) {
        assert_eq!(percentiles(&mut durations.to_vec()), expect);
    }

    #[test]
    fn a_percentile_is_one_of_the_values() {
        check(&[], (None, None));
        check(&[7], (Some(7), Some(7)));
        check(&[2, 1], (Some(1), Some(2)));
        check(&(1..=100).rev().collect::<Vec<_>>(), (Some(50), Some(95)));
    }

    #[test]
    fn a_day_has_its_own_and_the_whole_has_all() {
        let mut days = Days::new(2);
        days.count(0, "success", 3);
        days.count(1, "failed", 1);
        days.count(9, "timed_out", 1);
        days.took(1, 5);
        assert_eq!(days.tally().failure_rate(), Some(0.4));
        let trend = days.trend(0);
        assert_eq!((trend[0].day.as_str(), trend[0].success, trend[0].p50_ms), ("1970-01-01", 3, None));
        assert_eq!(
            (trend[1].day.as_str(), trend[1].failed, trend[1].timed_out, trend[1].p50_ms),
            ("1970-01-02", 1, 1, Some(5))
        );
        assert_eq!(StepTally { cancelled: 5, ..StepTally::default() }.failure_rate(), None);
    }
}
