//! What the scheduler says: why no node takes a pod, and events in the newer form, without counts.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use super::fit::Refusal;
use crate::object::{Object, ObjectExt};
use crate::store::{Key, Stored};
use crate::world::cx::Cx;
use crate::world::events::name;

/// Why no node takes a pod, node by node, in numbers.
pub(super) fn why(total: usize, refusals: &[Refusal], preemption: &Preemption) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for reason in refusals.iter().flat_map(|refusal| &refusal.reasons) {
        *counts.entry(reason).or_default() += 1;
    }
    let mut said: Vec<String> = counts.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
    said.sort();
    let begins = format!("0/{total} nodes are available: {}.", said.join(", "));
    match preemption {
        Preemption::Helps => return begins,
        Preemption::NotEligible(why) => {
            return format!("{begins} no new claims to deallocate, preemption: {why}");
        }
        Preemption::HelpsNobody => {}
    }
    let hopeless = refusals.iter().filter(|refusal| refusal.hopeless).count();
    let mut tried = Vec::new();
    if refusals.len() > hopeless {
        tried.push(format!("{} No preemption victims found for incoming pod", refusals.len() - hopeless));
    }
    if hopeless > 0 {
        tried.push(format!("{hopeless} Preemption is not helpful for scheduling"));
    }
    tried.sort();
    format!("{begins} no new claims to deallocate, preemption: 0/{total} nodes are available: {}.", tried.join(", "))
}

/// Whether others make room for the pod.
pub(super) enum Preemption {
    Helps,
    HelpsNobody,
    NotEligible(&'static str),
}

/// The events that were told, by pod.
pub(super) struct Told {
    instance: String,
    last: HashMap<Key, Last>,
    named: u64,
}

struct Last {
    revision: u64,
    message: String,
    event: Key,
    count: u64,
}

impl Told {
    pub(super) fn by(host: &str) -> Told {
        Told { instance: format!("default-scheduler-{host}"), last: HashMap::new(), named: 0 }
    }

    pub(super) fn forget(&mut self, pod: &Key) {
        self.last.remove(pod);
    }

    /// Tells an event. The same of the same revision of a pod becomes a series.
    pub(super) fn tell(
        &mut self,
        cx: &mut Cx<'_>,
        pod: &Stored,
        severity: &str,
        reason: &str,
        action: &str,
        message: &str,
    ) {
        let now = cx.now();
        let same = self.last.get_mut(&pod.key).filter(|last| last.revision == pod.revision && last.message == message);
        let written = match same {
            Some(last) => {
                last.count += 1;
                let series = json!({"count": last.count, "lastObservedTime": now.rfc3339_micro()});
                let event = last.event.clone();
                cx.change(&event, None, &mut |event: &mut Object| event.put(&["series"], series.clone())).map(drop)
            }
            None => {
                self.named += 1;
                let event = json!({
                    "apiVersion": "events.k8s.io/v1", "kind": "Event",
                    "metadata": {"name": name(pod.name(), now, self.named), "namespace": pod.namespace()},
                    "regarding": {
                        "kind": "Pod", "namespace": pod.namespace(), "name": pod.name(), "uid": &*pod.uid, "apiVersion": "v1",
                        "resourceVersion": pod.revision.to_string(),
                    },
                    "reason": reason, "note": message, "type": severity, "eventTime": now.rfc3339_micro(),
                    "action": action, "reportingController": "default-scheduler", "reportingInstance": self.instance,
                });
                let Value::Object(event) = event else { return };
                cx.create(event).map(|stored| {
                    let message = message.to_owned();
                    let last = Last { revision: pod.revision, message, event: stored.key.clone(), count: 1 };
                    self.last.insert(pod.key.clone(), last);
                })
            }
        };
        if let Err(why) = written {
            tracing::debug!("an event of the scheduler was not told: {}", why.message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(reason: &str, hopeless: bool) -> Refusal {
        Refusal { reasons: vec![reason.to_owned()], hopeless }
    }

    #[test]
    fn reasons_are_counted_and_sorted() {
        let refusals = [
            refusal("node(s) had untolerated taint(s)", true),
            refusal("node(s) didn't match Pod's node affinity/selector", true),
        ];
        assert_eq!(
            why(2, &refusals, &Preemption::HelpsNobody),
            "0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated \
             taint(s). no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for \
             scheduling."
        );
    }

    #[test]
    fn where_victims_would_help_none_is_found() {
        assert_eq!(
            why(1, &[refusal("node(s) didn't match pod anti-affinity rules", false)], &Preemption::HelpsNobody),
            "0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules. no new claims to deallocate, \
             preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod."
        );
    }
}
