//! Pods that a node throws out again and again.

use super::scope::Owner;
use super::{Cx, Finding, Object};
use crate::patience::Class;
use crate::text::count;
use ansflow_core::verdict::Cause;

/// The second pod of the same owner that was evicted: the third will fare no better.
pub(super) fn find(cx: Cx<'_>, owner: &Owner) -> Option<Finding> {
    let names: Vec<&str> = cx.world.evicted(&owner.uid, cx.since).collect();
    let last = names.last()?;
    let class = if names.len() >= 2 { Class::Evicted } else { Class::Suspected };
    let why = cx.world.pods_of(&owner.uid).filter(|pod| pod.metadata.name == *last).find_map(|pod| {
        let told = cx.news(&pod.metadata.uid).rfind(|told| told.event.reason == "Evicted")?;
        Some((told.event.message.clone(), super::told(&told.event)))
    });
    let (message, evidence) = why.map_or((String::new(), None), |(message, evidence)| (message, Some(evidence)));
    let times = count(i64::try_from(names.len()).unwrap_or(i64::MAX), "pod");
    let text = format!("it was evicted, {times} of this version so far: {}", crate::text::short(&message, 90));
    let object = Object::new("Pod", owner.object.namespace.as_deref(), *last);
    Some(Finding::new(class, Cause::Evicted, object, text.trim_end_matches([':', ' '])).seen_by(evidence))
}
