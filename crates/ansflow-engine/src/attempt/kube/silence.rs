//! How long a cluster is asked that has not said a word in this step. One that has answered is waited for as long as the step
//! may take: it was there, and comes back. One that never did has most likely another address.

use std::time::{Duration, Instant};

use ansflow_core::verdict::Verdict;
use ansflow_kube::Error;
use ansflow_kube::connect::{Trouble, Why};

/// So long, where it says nothing at all: a control plane that is started again is back within a minute, most of the time.
const NOTHING: Duration = Duration::from_secs(90);

/// So long, where its name has no address: a resolver may hiccup.
const NO_ADDRESS: Duration = Duration::from_secs(3);

pub(super) struct Silence {
    since: Instant,
    was_heard: bool,
    tries: u32,
}

impl Silence {
    pub(super) fn new(now: Instant) -> Silence {
        Silence { since: now, was_heard: false, tries: 0 }
    }

    /// How long the next question may take; none: as long as it does.
    pub(super) fn left(&self, now: Instant) -> Option<Duration> {
        (!self.was_heard).then(|| NOTHING.saturating_sub(now.duration_since(self.since)))
    }

    /// Nothing came until then.
    pub(super) fn nothing(&self, host: &str, now: Instant) -> Error {
        let seconds = now.duration_since(self.since).as_secs();
        Trouble::new(host, Why::TimedOut { doing: "waiting for an answer", seconds }).into()
    }

    /// A question in vain; whether that is enough of them.
    pub(super) fn is_enough(&mut self, error: &Error, now: Instant) -> bool {
        self.tries += 1;
        self.was_heard |= error.answer().is_some();
        let has_address = !matches!(error, Error::Trouble(Trouble { why: Why::Dns(_), .. }));
        let longest = if has_address { NOTHING } else { NO_ADDRESS };
        !self.was_heard && self.tries > 1 && now.duration_since(self.since) >= longest
    }

    /// How the step ends then.
    pub(super) fn verdict(&self, error: &Error, now: Instant) -> Verdict {
        let mut verdict = error.verdict(None);
        let seconds = now.duration_since(self.since).as_secs();
        verdict.advice = Some("Check the cluster's address, and the way to it from this machine".to_owned());
        verdict.remarks.push(format!(
            "it was asked {} times in {seconds} s and never answered; a cluster that has answered is waited for until the step's time is up",
            self.tries
        ));
        verdict
    }
}

#[cfg(test)]
mod tests {
    //! Who is given up, and when.

    use super::*;
    use ansflow_core::verdict::Cause;
    use ansflow_kube::error::Refused;
    use ansflow_kube::explain::Answer;

    fn error(why: Why) -> Error {
        Trouble::new("10.0.0.5:6443", why).into()
    }

    /// After so many seconds of the same answer.
    fn gives_up_after(first: Option<&Error>, error: &Error) -> Option<u64> {
        let began = Instant::now();
        let mut silence = Silence::new(began);
        if let Some(first) = first {
            assert!(!silence.is_enough(first, began));
        }
        (0..600).find(|seconds| silence.is_enough(error, began + Duration::from_secs(*seconds)))
    }

    #[test]
    fn a_cluster_that_never_answered_is_given_up_and_one_that_did_is_not() {
        let refused = error(Why::Refused("10.0.0.5:6443".to_owned()));
        assert_eq!(gives_up_after(None, &refused), Some(90));
        assert_eq!(gives_up_after(None, &error(Why::NotKubernetes("a page (502)".to_owned()))), Some(90));
        assert_eq!(gives_up_after(None, &error(Why::Dns("cluster.invalid".to_owned()))), Some(3));
        let busy = Refused { answer: Answer { code: 503, ..Answer::default() }, ..Refused::default() };
        let busy = Error::Refused(Box::new(busy));
        assert_eq!(gives_up_after(None, &busy), None, "it is there, and busy");
        assert_eq!(gives_up_after(Some(&busy), &refused), None, "it was there a moment ago");
    }

    #[test]
    fn a_question_takes_no_longer_than_the_patience_that_is_left() {
        let began = Instant::now();
        let mut silence = Silence::new(began);
        let later = began + Duration::from_secs(72);
        assert_eq!(silence.left(later), Some(Duration::from_secs(18)));
        let end = began + Duration::from_secs(90);
        let nothing = silence.nothing("10.0.0.5:6443", end);
        assert!(!silence.is_enough(&error(Why::Broken("it was closed".to_owned())), later));
        assert!(silence.is_enough(&nothing, end));
        let verdict = silence.verdict(&nothing, end);
        assert_eq!(verdict.cause, Some(Cause::ClusterUnreachable));
        assert_eq!(verdict.summary, "10.0.0.5:6443: no answer after 90 s while waiting for an answer");
        assert!(verdict.remarks[0].starts_with("it was asked 2 times in 90 s and never answered"), "{verdict:?}");
    }
}
