//! When a schedule is due next, in its time zone.
//!
//! Twice a year the clock of many places jumps. A schedule that names hours is of the clock on the wall: a time that is
//! skipped is when the clock goes on, a time that comes twice is the first of the two. A schedule of every hour (`*`) is
//! of the time that passes: it skips nothing and leaves nothing out.

use croner::parser::{CronParser, Seconds, Year};
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, Zoned};

/// Five fields and a time zone.
#[derive(Debug)]
pub(super) struct Cron {
    cron: croner::Cron,
    zone: TimeZone,
    every_hour: bool,
}

impl Cron {
    /// Reads what a row says.
    ///
    /// # Errors
    /// Says what is wrong.
    pub(super) fn read(text: &str, timezone: &str) -> Result<Cron, String> {
        // A machine without time zones still knows this one.
        let zone = if timezone == "UTC" { Ok(TimeZone::UTC) } else { TimeZone::get(timezone) };
        let zone = zone.map_err(|_| format!("there is no time zone `{timezone}` on this machine"))?;
        let parser =
            CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).sloppy_ranges(true).build();
        let cron = parser.parse(text).map_err(|error| format!("`{text}` is no schedule: {error}"))?;
        let every_hour = text.split_whitespace().nth(1).is_some_and(|hour| matches!(hour, "*" | "*/1"));
        Ok(Cron { cron, zone, every_hour })
    }

    /// The first time after this one; none: never.
    pub(super) fn next(&self, after: Timestamp) -> Option<Timestamp> {
        let after = after.to_zoned(self.zone.clone());
        if self.every_hour {
            return self.cron.find_next_occurrence(&after, false).ok().map(|next| next.timestamp());
        }
        let mut wall = after.datetime();
        // What comes after the clock was set back has been before: a day of minutes is more than any clock goes back.
        for _ in 0..24 * 60 {
            wall = self.cron.find_next_occurrence(&wall, false).ok()?;
            let next = self.when(wall, &after)?;
            if next > after.timestamp() {
                return Some(next);
            }
        }
        None
    }

    /// When the clock on the wall shows this, or goes on beyond it.
    fn when(&self, wall: DateTime, after: &Zoned) -> Option<Timestamp> {
        let ambiguous = self.zone.to_ambiguous_zoned(wall);
        match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => {
                ambiguous.earlier().ok().map(|zoned| zoned.timestamp())
            }
            AmbiguousOffset::Gap { .. } => {
                // Read by the clock as it is afterwards, it is before the jump, and the jump is what comes next.
                let before = ambiguous.earlier().ok()?.timestamp();
                let jump = after.time_zone().following(before).next()?;
                Some(jump.timestamp())
            }
        }
    }
}

#[cfg(test)]
mod tests;
