//! A pod without a node: none has room, none fits, or its volume keeps it.

use super::{Cx, Finding, seen, told, volume};
use crate::Millis;
use crate::facts::Pod;
use crate::patience::Class;
use crate::text::short;
use ansflow_core::verdict::{Cause, EvidenceFrom};

/// When a pod goes, the scheduler tries again at once, or after its own back-off of so long.
const BACK_OFF: Millis = 10_000;

/// Why a pod has no node.
pub(super) fn find(cx: Cx<'_>, pod: &Pod) -> Option<Finding> {
    let condition = pod.condition("PodScheduled").filter(|scheduled| scheduled.is_false())?;
    if condition.reason == "SchedulingGated" {
        let text = "it has no node: its scheduling gates hold it";
        return Some(Finding::of_pod(Class::Suspected, Cause::UnschedulableConstraints, pod, text));
    }
    let uid = &pod.metadata.uid;
    let event = cx.news(uid).rfind(|told| told.event.reason == "FailedScheduling");
    let message = event.map_or(condition.message.as_str(), |told| told.event.message.as_str());
    if condition.reason != "Unschedulable" || message.is_empty() {
        return None;
    }
    let namespace = &pod.metadata.namespace;
    let (class, cause) = classify(cx, pod, message);
    let is_new = event.is_some() || cx.world.condition_changed(uid, "PodScheduled").is_some_and(|at| at >= cx.since);
    let is_held = cx.world.has_going_pod(namespace) || !pod.status.nominated_node_name.is_empty();
    let room = cx.world.last_removal(namespace).filter(|at| *at >= cx.since).map(|at| at.saturating_add(BACK_OFF));
    let evidence = match event {
        Some(event) => told(&event.event),
        None => seen(
            EvidenceFrom::Condition,
            super::pod_object(pod),
            &format!("PodScheduled=False {}: {message}", condition.reason),
        ),
    };
    let text = format!("it has no node: {}", short(reason(message), 120));
    let finding = Finding::of_pod(class, cause, pod, text).seen_by([evidence]);
    Some(finding.ripe_when(is_new).held_while(is_held).not_before(room))
}

fn classify(cx: Cx<'_>, pod: &Pod, message: &str) -> (Class, Cause) {
    let lower = message.to_lowercase();
    if lower.contains("persistentvolumeclaim") {
        return (volume::class_of_text(cx, pod, message), Cause::VolumeUnbound);
    }
    if ["volume node affinity conflict", "available persistent volumes", "max volume count"]
        .iter()
        .any(|it| lower.contains(it))
    {
        return (Class::VolumeComing, Cause::VolumeUnbound);
    }
    let is_room = message.contains("Insufficient") || message.contains("Too many pods");
    let cause = if is_room { Cause::UnschedulableResources } else { Cause::UnschedulableConstraints };
    let is_growing = cx.world.events(&pod.metadata.uid).any(|told| {
        matches!(told.event.reason.as_str(), "TriggeredScaleUp")
            || (told.event.reason == "Nominated" && told.event.r#type == "Normal")
    });
    let passes =
        ["node.kubernetes.io/", "node.cloudprovider.kubernetes.io/", "were unschedulable", "no nodes available"];
    let class = match (cx.world.grows() || is_growing, passes.iter().any(|it| lower.contains(it))) {
        (true, _) => Class::ScheduleGrowing,
        (false, true) => Class::ScheduleTaint,
        (false, false) => Class::Schedule,
    };
    (class, cause)
}

/// What the scheduler says of the nodes, without what it says of preemption.
fn reason(message: &str) -> &str {
    let end = [". no new claims", ". preemption:", " preemption:"].iter().filter_map(|word| message.find(word)).min();
    end.and_then(|end| message.get(..end)).unwrap_or(message)
}
