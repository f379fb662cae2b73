//! The simulated clock. Everything inside the cluster, stamps of objects too, goes by it; waits of clients go by the wall's.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use crate::config::Speed;
use crate::time::Micros;

/// What time it is in the cluster.
#[derive(Debug)]
pub(crate) struct Clock {
    speed: Speed,
    start: Micros,
    started: Instant,
    /// How far a manual clock was moved, in microseconds.
    moved: AtomicI64,
}

impl Clock {
    pub(crate) fn new(speed: Speed, start: Micros) -> Clock {
        Clock { speed, start, started: Instant::now(), moved: AtomicI64::new(0) }
    }

    pub(crate) fn now(&self) -> Micros {
        let moved = self.moved.load(Ordering::Acquire);
        match self.speed {
            #[expect(clippy::cast_possible_truncation, reason = "a run of 290,000 years is not foreseen")]
            Speed::Real(speed) => {
                Micros(self.start.0 + moved + (self.started.elapsed().as_secs_f64() * speed * 1e6) as i64)
            }
            Speed::Manual => Micros(self.start.0 + moved),
        }
    }

    /// How long to wait on the wall until a moment; nothing where only `advance` brings it.
    pub(crate) fn wall_until(&self, at: Micros) -> Option<Duration> {
        match self.speed {
            Speed::Real(speed) => Some(at.since(self.now()).div_f64(speed.max(1e-6))),
            Speed::Manual => None,
        }
    }

    pub(crate) fn is_manual(&self) -> bool {
        matches!(self.speed, Speed::Manual)
    }

    /// Moves a manual clock to a moment. It never goes back.
    pub(crate) fn move_to(&self, at: Micros) {
        self.moved.fetch_max(at.0 - self.start.0, Ordering::AcqRel);
    }

    /// Lets a clock of either kind jump ahead.
    pub(crate) fn jump(&self, span: Duration) {
        self.moved.fetch_add(i64::try_from(span.as_micros()).unwrap_or(i64::MAX / 2), Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_when_it_is_moved_and_never_back() {
        let clock = Clock::new(Speed::Manual, Micros(1_000));
        assert_eq!(clock.now(), Micros(1_000));
        clock.move_to(Micros(5_000));
        clock.move_to(Micros(2_000));
        assert_eq!(clock.now(), Micros(5_000));
    }
}
