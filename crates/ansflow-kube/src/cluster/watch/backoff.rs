//! How long to wait before a cluster is asked again: up to a quarter of a second, then twice as long each time, 5 s at most;
//! any time up to that, so that a thousand watches do not come back at once.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(5);

#[derive(Default)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The longest that the next wait may be.
    fn ceiling(&self) -> Duration {
        FIRST.saturating_mul(1_u32.checked_shl(self.failures).unwrap_or(u32::MAX)).min(LONGEST)
    }

    /// Waits.
    pub(crate) async fn wait(&mut self) {
        tokio::time::sleep(self.next()).await;
    }

    /// How long to wait this time.
    pub(crate) fn next(&mut self) -> Duration {
        let ceiling = self.ceiling();
        self.failures = (self.failures + 1).min(8);
        let mut random = [0_u8; 4];
        // Where there is no chance, the whole time is waited.
        let part = getrandom::fill(&mut random).map_or(u32::MAX, |()| u32::from_le_bytes(random));
        ceiling.mul_f64(f64::from(part) / f64::from(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_grows_to_five_seconds_and_no_further() {
        let ceilings: Vec<_> = (0..7).map(|failures| Backoff { failures }.ceiling().as_millis()).collect();
        assert_eq!(ceilings, [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
    }
}
