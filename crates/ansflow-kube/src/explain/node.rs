//! A pod whose node does not answer: nobody is there to start its containers.

use super::{Cx, Finding, seen};
use crate::facts::{Pod, condition};
use crate::patience::Class;
use crate::text::short;
use ansflow_core::verdict::{Cause, EvidenceFrom, Object};

/// The node under a pod that is not ready.
pub(super) fn find(cx: Cx<'_>, pod: &Pod) -> Option<Finding> {
    let name = pod.spec.node_name.as_deref().filter(|_| !pod.is_ready())?;
    let node = cx.world.node(name)?;
    let ready = condition(&node.status.conditions, "Ready").filter(|ready| !ready.is_true())?;
    // Unknown means that it was silent for long already; a node that says that it is not ready may be starting.
    let class = if ready.is_false() { Class::NodeUnready } else { Class::FinalState };
    let says = if ready.is_false() { "says that it is not ready" } else { "does not answer any more" };
    let text = format!("{says}, and Pod/{} on it cannot start", short(&pod.metadata.name, 60));
    let object = Object::new("Node", None, name);
    let evidence = seen(
        EvidenceFrom::Condition,
        object.clone(),
        &format!("Ready={} {}: {}", ready.status, ready.reason, ready.message),
    );
    Some(Finding::new(class, Cause::NodeLost, object, text).seen_by([evidence]))
}
