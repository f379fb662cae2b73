//! Moments of the simulated world, and the two ways in which Kubernetes writes them.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

/// Microseconds since 1970, of the simulated clock. Everything inside the simulator, stamps of objects too, is told in these.
#[derive(Debug, Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Micros(pub(crate) i64);

impl Micros {
    pub(crate) const SECOND: i64 = 1_000_000;

    pub(crate) fn plus(self, span: Duration) -> Micros {
        Micros(self.0.saturating_add(i64::try_from(span.as_micros()).unwrap_or(i64::MAX)))
    }

    pub(crate) fn plus_millis(self, millis: i64) -> Micros {
        Micros(self.0.saturating_add(millis.saturating_mul(1_000)))
    }

    /// How long after `earlier` this is; zero when it is not later.
    pub(crate) fn since(self, earlier: Micros) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The whole second it falls in, as `metav1.Time` keeps it.
    pub(crate) fn whole_second(self) -> Micros {
        Micros(self.0.div_euclid(Self::SECOND) * Self::SECOND)
    }

    /// As `metav1.Time` is written: `2026-11-21T04:24:01Z`.
    pub(crate) fn rfc3339(self) -> String {
        format!("{:.0}", self.timestamp())
    }

    /// As `metav1.MicroTime` is written: `2026-11-21T04:24:01.123456Z`.
    pub(crate) fn rfc3339_micro(self) -> String {
        format!("{:.6}", self.timestamp())
    }

    /// Reads any RFC 3339 time.
    pub(crate) fn parse(text: &str) -> Option<Micros> {
        text.parse::<Timestamp>().ok().map(Micros::from)
    }

    pub(crate) fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

impl From<Timestamp> for Micros {
    fn from(time: Timestamp) -> Micros {
        Micros(time.as_microsecond())
    }
}

impl fmt::Display for Micros {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.rfc3339())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_seconds_and_micros() {
        let moment = Micros::parse("2026-11-21T04:24:01.5Z").unwrap();
        assert_eq!(moment.rfc3339(), "2026-11-21T04:24:01Z");
        assert_eq!(moment.rfc3339_micro(), "2026-11-21T04:24:01.500000Z");
        assert_eq!(moment.whole_second(), Micros::parse("2026-11-21T04:24:01Z").unwrap());
    }
}
