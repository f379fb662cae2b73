//! Lets a build's lines through, apart from the counting of bytes that nobody reads.

use std::time::{Duration, Instant};

/// One line of counting in this time.
const PAUSE: Duration = Duration::from_secs(3);

/// Longer lines are cut: one is a line on a screen.
const LONGEST: usize = 16 * 1024;

pub(super) struct Throttle {
    next: Instant,
}

impl Throttle {
    pub(super) fn new(now: Instant) -> Throttle {
        Throttle { next: now + PAUSE }
    }

    /// Whether a line of BuildKit's is worth showing.
    pub(super) fn lets(&mut self, line: &str, now: Instant) -> bool {
        if line.trim().is_empty() || is_digest(line) {
            return false;
        }
        if !is_counting(line) {
            return true;
        }
        let is_time = now >= self.next;
        if is_time {
            self.next = now + PAUSE;
        }
        is_time
    }
}

/// At most so much of a line, cut where a letter ends.
pub(super) fn cut(line: &str) -> &str {
    let mut end = line.len().min(LONGEST);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    &line[..end]
}

/// `#5 sha256:1dd5…`: the step's number in another alphabet.
fn is_digest(line: &str) -> bool {
    let rest = step(line).and_then(|rest| rest.strip_prefix("sha256:"));
    rest.is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// `#5 sha256:1dd5… 1.05MB / 3.20MB 0.2s`, `#3 transferring context: 1.98MB 0.2s`.
fn is_counting(line: &str) -> bool {
    step(line).is_some_and(|rest| {
        let is_done = rest.ends_with(" done");
        let is_layer = rest.starts_with("sha256:") || rest.starts_with("extracting sha256:");
        !is_done && (is_layer || rest.starts_with("transferring "))
    })
}

fn step(line: &str) -> Option<&str> {
    let (number, rest) = line.strip_prefix('#')?.split_once(' ')?;
    number.bytes().all(|byte| byte.is_ascii_digit()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_command_writes_comes_through_and_counting_does_not_flood() {
        let began = Instant::now();
        let mut throttle = Throttle::new(began);
        let digest = "a".repeat(64);
        let mut shown = 0;
        for tick in 0..10_000u32 {
            let now = began + Duration::from_millis(u64::from(tick));
            shown += u32::from(throttle.lets(&format!("#5 sha256:{digest} {tick}MB / 9999MB 1.2s"), now));
            assert!(throttle.lets(&format!("#7 0.{tick} compiling"), now));
        }
        assert_eq!(shown, 3);
        assert!(!throttle.lets(&format!("#5 sha256:{digest}"), began + Duration::from_secs(60)));
        assert!(throttle.lets("#3 transferring context: 1.98MB 0.2s done", began));
    }
}
