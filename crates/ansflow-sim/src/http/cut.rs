//! A watch that ends before its time, because a rule says so.

use std::time::Duration;

use bytes::Bytes;

use super::answer::Broken;
use crate::api::watch::error;
use crate::faults::http::{WatchEnd, WatchFault};
use crate::status::Status;

/// How a watch ends.
pub(super) struct Cut {
    /// So many events are left; none where only time counts.
    left: Option<u64>,
    after: Option<Duration>,
    end: WatchEnd,
}

impl Cut {
    pub(super) fn new(fault: &WatchFault) -> Cut {
        let after = (!fault.after.0.is_zero()).then_some(fault.after.0);
        let left = (fault.events > 0 || after.is_none()).then_some(fault.events);
        Cut { left, after, end: fault.end }
    }

    pub(super) fn after(&self) -> Option<Duration> {
        self.after
    }

    /// Whether all its events were told.
    pub(super) fn is_due(&self) -> bool {
        self.left == Some(0)
    }

    /// What of these lines is still told.
    pub(super) fn of(&mut self, lines: Bytes) -> Bytes {
        let Some(left) = &mut self.left else { return lines };
        let ends = lines.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        let mut told = lines.len();
        for end in ends {
            *left -= 1;
            if *left == 0 {
                told = end;
                break;
            }
        }
        lines.slice(..told)
    }

    /// What comes last: an error, a break, or nothing.
    pub(super) fn last(&self) -> Option<Result<Bytes, Broken>> {
        match self.end {
            WatchEnd::Break => Some(Err(Broken)),
            WatchEnd::Close => None,
            WatchEnd::Expired => {
                Some(Ok(error(&Status::expired("The resourceVersion for the provided watch is too old."))))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::rule::Span;

    #[test]
    fn so_many_events_are_told_and_no_more() {
        let mut cut = Cut::new(&WatchFault { events: 3, ..WatchFault::default() });
        assert_eq!(cut.of(Bytes::from_static(b"1\n2\n")), "1\n2\n");
        assert!(!cut.is_due());
        assert_eq!(cut.of(Bytes::from_static(b"3\n4\n")), "3\n");
        assert!(cut.is_due());
        assert!(matches!(cut.last(), Some(Err(Broken))));
    }

    #[test]
    fn where_only_time_counts_events_do_not() {
        let mut cut = Cut::new(&WatchFault { after: Span(Duration::from_secs(1)), ..WatchFault::default() });
        assert_eq!(cut.of(Bytes::from_static(b"1\n2\n")), "1\n2\n");
        assert!(!cut.is_due());
    }
}
