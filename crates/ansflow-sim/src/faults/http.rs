//! The API itself gone wrong: answers with an error, answers that are late or never come, connections and watches that break.

use serde::{Deserialize, Serialize};

use super::matching::{Match, like};
use super::rule::Span;
use crate::status::{Details, Status};

/// What becomes of a request. What is not said is as always.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct HttpFault {
    /// Wall time until anything happens.
    pub(crate) delay: Span,
    /// The answer; the request is not looked at. 0 is none.
    pub(crate) status: u16,
    pub(crate) message: String,
    /// Seconds, for `Retry-After`.
    pub(crate) retry_after: u32,
    /// No answer ever comes.
    pub(crate) hang: bool,
    /// The connection breaks in the place of an answer.
    pub(crate) reset: bool,
    /// Of watches that begin: how they end.
    pub(crate) watch: Option<WatchFault>,
    /// So many requests are left alone first.
    pub(crate) skip: u64,
    /// Only so many requests; 0 is every one.
    pub(crate) times: u64,
}

/// How a watch ends before its time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct WatchFault {
    /// After so many events.
    pub(crate) events: u64,
    /// After so long of wall time, events or not.
    pub(crate) after: Span,
    pub(crate) end: WatchEnd,
}

#[derive(Debug, Copy, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum WatchEnd {
    /// The connection breaks.
    #[default]
    Break,
    /// As if its time were over.
    Close,
    /// With the error 410, as where its revision were too old.
    Expired,
}

/// A request, as rules see it.
#[derive(Debug, Default)]
pub(crate) struct Asked<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    /// As roles name it.
    pub(crate) verb: &'a str,
    /// `pods`, `pods/log`, `deployments.apps`; "" of what is no resource.
    pub(crate) resource: &'a str,
    pub(crate) namespace: &'a str,
    pub(crate) user: &'a str,
    pub(crate) user_agent: &'a str,
}

impl Match {
    /// Whether a rule is about a request.
    pub(super) fn is_about(&self, asked: &Asked<'_>) -> bool {
        let pairs = [
            (&self.namespace, asked.namespace),
            (&self.method, asked.method),
            (&self.path, asked.path),
            (&self.verb, asked.verb),
            (&self.resource, asked.resource),
            (&self.user, asked.user),
            (&self.user_agent, asked.user_agent),
        ];
        pairs.iter().all(|(pattern, text)| pattern.is_empty() || like(pattern, text))
    }
}

impl HttpFault {
    /// Whether it does anything to such a request.
    pub(super) fn concerns(&self, asked: &Asked<'_>) -> bool {
        let is_any = self.status != 0 || self.hang || self.reset || self.delay != Span::default();
        is_any || (self.watch.is_some() && asked.verb == "watch")
    }

    /// Whether it is the turn of the request that came after `before` others.
    pub(super) fn is_due(&self, before: u64) -> bool {
        before >= self.skip && (self.times == 0 || before - self.skip < self.times)
    }

    /// The error that is answered.
    pub(crate) fn refusal(&self) -> Option<Status> {
        let (reason, usual) = match self.status {
            0 => return None,
            400 => ("BadRequest", "the server rejected our request for an unknown reason"),
            401 => ("Unauthorized", "Unauthorized"),
            403 => ("Forbidden", "the request is forbidden"),
            404 => ("NotFound", "the server could not find the requested resource"),
            409 => ("Conflict", "the server reported a conflict"),
            410 => ("Expired", "the resource version is too old"),
            429 => ("TooManyRequests", "the server has received too many requests and has asked us to try again later"),
            500 => ("InternalError", "Internal error occurred: the simulated cluster was told to fail"),
            503 => ("ServiceUnavailable", "the server is currently unable to handle the request"),
            504 => (
                "Timeout",
                "the server was unable to return a response in the time allotted, but may still be processing the request",
            ),
            _ => ("", "the simulated cluster was told to answer so"),
        };
        let message = if self.message.is_empty() { usual } else { &self.message };
        // Who is told to come back later is told when.
        let seconds = match (self.retry_after, self.status) {
            (0, 429) => 1,
            (seconds, _) => seconds,
        };
        let details = Details { retry_after: (seconds > 0).then_some(seconds), ..Details::default() };
        Some(Status::new(self.status, reason, message).detailed(details))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::Faults;

    fn asked<'a>(verb: &'a str, user_agent: &'a str) -> Asked<'a> {
        Asked { verb, user_agent, resource: "deployments.apps", namespace: "demo", ..Asked::default() }
    }

    #[test]
    fn a_rule_meets_the_requests_that_it_names_and_so_many_of_them() {
        let faults = Faults::default();
        let rule = r#"{"on": {"verb": "patch", "resource": "deployments.*", "userAgent": "helm/*"},
            "what": {"http": {"status": 429, "skip": 1, "times": 2}}}"#;
        faults.put("busy", serde_json::from_str(rule).unwrap());
        assert!(faults.http(&asked("get", "helm/4")).is_none());
        assert!(faults.http(&asked("patch", "kubectl/1")).is_none());
        let met: Vec<bool> = (0..5).map(|_| faults.http(&asked("patch", "helm/4")).is_some()).collect();
        assert_eq!(met, [false, true, true, false, false]);
        faults.put("busy", serde_json::from_str(rule).unwrap());
        assert!(faults.http(&asked("patch", "helm/4")).is_none(), "a rule that is put again begins anew");
    }

    #[test]
    fn who_is_told_to_wait_is_told_how_long() {
        let refusal = HttpFault { status: 429, ..HttpFault::default() }.refusal().unwrap();
        assert_eq!((refusal.code, refusal.reason), (429, "TooManyRequests"));
        assert_eq!(refusal.details.unwrap().retry_after, Some(1));
        assert!(HttpFault { hang: true, ..HttpFault::default() }.refusal().is_none());
    }

    #[test]
    fn a_fault_of_watches_leaves_lists_alone() {
        let fault = HttpFault { watch: Some(WatchFault::default()), ..HttpFault::default() };
        assert!(fault.concerns(&asked("watch", "")));
        assert!(!fault.concerns(&asked("list", "")));
    }
}
