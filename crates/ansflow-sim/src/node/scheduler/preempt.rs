//! Pods that make room for a more important one: the fewest and the least important, on the node where they are least missed.

use std::sync::Arc;

use serde_json::{Value, json};

use super::fit::{self, Everywhere, Load, Node, Used};
use crate::api::delete::DeleteOptions;
use crate::kinds;
use crate::node::pod::{self, Pod};
use crate::object::{Object, ObjectExt, Str};
use crate::store::Stored;
use crate::world::cx::Cx;
use crate::world::events::{Event, Reference, Severity};

/// What came of the search for victims.
pub(super) enum Search {
    /// They go, from this node.
    Found(Str, Vec<Arc<Load>>),
    /// Nobody less important is in the way.
    None,
    /// The pod may not ask, or has asked already: why.
    NotEligible(&'static str),
}

/// How much is missed: the most important victim, all of their importance, and how many they are.
type Cost = (i64, i64, usize);

/// Looks for the node where the fewest and the least important have to go.
pub(super) fn search(
    pod: &Pod,
    load: &Load,
    nodes: &[(Arc<Stored>, Arc<Node>)],
    used: &dyn Fn(&Str) -> Arc<Used>,
) -> Search {
    if pod.spec.preemption_policy == "Never" {
        return Search::NotEligible("not eligible due to preemptionPolicy=Never.");
    }
    let nominated = pod.status["nominatedNodeName"].as_str().unwrap_or_default();
    let mut found: Option<(Cost, Str, Vec<Arc<Load>>)> = None;
    for (stored, node) in nodes {
        let name = &stored.key.name;
        let here = used(name);
        let (less, rest): (Vec<_>, Vec<_>) =
            here.there.iter().cloned().partition(|other| other.priority < load.priority);
        if &**name == nominated && less.iter().any(|other| other.deleting) {
            return Search::NotEligible("not eligible due to a terminating pod on the nominated node.");
        }
        if less.is_empty() {
            continue;
        }
        let fits = |there: &[Arc<Load>]| {
            let here = Arc::new(Used::of(there.iter().cloned()));
            let others = |other: &Str| if other == name { here.clone() } else { used(other) };
            fit::check(pod, load, node, &here, &Everywhere::new(pod, nodes, others)).is_ok()
        };
        let Some(victims) = victims(less, rest, &fits) else { continue };
        let highest = victims.iter().map(|victim| victim.priority).max().unwrap_or(i64::MIN);
        let sum = victims.iter().map(|victim| victim.priority).sum();
        let cost = (highest, sum, victims.len());
        if found.as_ref().is_none_or(|(least, ..)| cost < *least) {
            found = Some((cost, name.clone(), victims));
        }
    }
    found.map_or(Search::None, |(_, node, victims)| Search::Found(node, victims))
}

/// Who has to go of a node so that it fits: those that are more important are spared first.
fn victims(
    mut less: Vec<Arc<Load>>,
    mut stay: Vec<Arc<Load>>,
    fits: &dyn Fn(&[Arc<Load>]) -> bool,
) -> Option<Vec<Arc<Load>>> {
    if !fits(&stay) {
        return None;
    }
    less.sort_by(|a, b| b.priority.cmp(&a.priority).then(a.key.name.cmp(&b.key.name)));
    let mut go = Vec::new();
    for other in less {
        stay.push(other.clone());
        if !fits(&stay) {
            stay.pop();
            go.push(other);
        }
    }
    Some(go)
}

/// Lets the victims go, and says for whom.
pub(super) fn drive_out(cx: &mut Cx<'_>, pod: &Pod, node: &str, victims: &[Arc<Load>]) {
    let Some(kind) = cx.sim.kinds().stored(kinds::id("", "Pod")) else { return };
    for victim in victims.iter().filter(|victim| !victim.deleting) {
        let key = victim.key.clone();
        let Some(stored) = cx.stored(&key).filter(|stored| stored.uid == victim.uid) else { continue };
        let generation = pod::read(&stored).map(|pod| pod.metadata.generation);
        let condition = json!({
            "type": "DisruptionTarget", "observedGeneration": generation, "status": "True",
            "lastProbeTime": null, "lastTransitionTime": cx.now().rfc3339(), "reason": "PreemptionByScheduler",
            "message": "default-scheduler: preempting to accommodate a higher priority pod",
        });
        let marked =
            cx.change(&key, Some("status"), &mut |pod: &mut Object| super::put_condition(pod, condition.clone()));
        let options = DeleteOptions { uid: Some(stored.uid.to_string()), ..DeleteOptions::default() };
        let deleted = cx.delete(&key, &options);
        if let Some(why) = marked.err().or(deleted.err()) {
            tracing::debug!("the pod `{}` was not driven out: {}", key.name, why.message);
        }
        let message = format!("Preempted by pod {} on node {node}", pod.metadata.uid);
        cx.event(&Event {
            about: Reference::to(&kind, &stored),
            severity: Severity::Normal,
            reason: "Preempted",
            message: &message,
            component: "default-scheduler",
            host: "",
        });
    }
}

/// Where the pod is to go when there is room.
pub(super) fn nominate(pod: &mut Object, node: &str) {
    pod.put(&["status", "nominatedNodeName"], Value::from(node));
}
