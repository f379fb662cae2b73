//! A daemon's pod: bound to its node by affinity, and there whatever becomes of the node.

use serde_json::{Value, json};

use super::{COMPONENT, GENERATION, HASH, Look};
use crate::controllers::pods::from_template;
use crate::controllers::replica_set::is_ending;
use crate::controllers::{Step, part, tell};
use crate::object::{Object, ObjectExt};
use crate::world::controller::Outcome;

/// Taints that never keep a daemon away: with what they do.
pub(super) const TOLERATED: [(&str, &str); 6] = [
    ("node.kubernetes.io/not-ready", "NoExecute"),
    ("node.kubernetes.io/unreachable", "NoExecute"),
    ("node.kubernetes.io/disk-pressure", "NoSchedule"),
    ("node.kubernetes.io/memory-pressure", "NoSchedule"),
    ("node.kubernetes.io/pid-pressure", "NoSchedule"),
    ("node.kubernetes.io/unschedulable", "NoSchedule"),
];

/// The node that a daemon's pod is meant for, before it is bound.
pub(super) fn node_of(pod: &Value) -> String {
    let terms =
        &pod["spec"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"];
    terms[0]["matchFields"][0]["values"][0].as_str().unwrap_or_default().to_owned()
}

impl Look<'_, '_> {
    pub(super) fn make(&mut self, node: &str) -> Step<()> {
        match self.cx.create(self.pod(node)) {
            Ok(pod) => {
                let said = format!("Created pod: {}", pod.name());
                tell::normal(self.cx, &self.stored, COMPONENT, "SuccessfulCreate", &said);
                Ok(())
            }
            Err(status) if is_ending(&status) => Ok(()),
            Err(status) => {
                let said = format!("Error creating: {}", status.message);
                tell::warning(self.cx, &self.stored, COMPONENT, "FailedCreate", &said);
                Err(Outcome::Retry)
            }
        }
    }

    fn pod(&self, node: &str) -> Object {
        let mut pod = from_template(&self.set, &part(&self.set, "spec")["template"]);
        pod.put(&["metadata", "labels", HASH], self.hash.as_str().into());
        if let Some(generation) = self.set.annotations().get(GENERATION) {
            pod.put(&["metadata", "labels", "pod-template-generation"], generation.into());
        }
        let here = json!([{"matchFields": [{"key": "metadata.name", "operator": "In", "values": [node]}]}]);
        let path = ["spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"];
        pod.put(&path, json!({"nodeSelectorTerms": here}));
        let mut tolerations = pod.items("/spec/tolerations").to_vec();
        for (key, effect) in TOLERATED {
            tolerations.push(json!({"key": key, "operator": "Exists", "effect": effect}));
        }
        if pod.flag("/spec/hostNetwork") {
            let key = "node.kubernetes.io/network-unavailable";
            tolerations.push(json!({"key": key, "operator": "Exists", "effect": "NoSchedule"}));
        }
        pod.put(&["spec", "tolerations"], tolerations.into());
        pod
    }
}
