//! What a pod needs before its containers: volumes, and a sandbox with a network.

use super::start::may_come;
use super::{Cx, Finding, told};
use crate::facts::Pod;
use crate::patience::Class;
use crate::text::{between, short};
use crate::world::Told;
use ansflow_core::verdict::Cause;

/// So many failures, over a minute, are no hiccup.
const ENOUGH: u32 = 5;

/// A volume that cannot be mounted.
pub(super) fn find(cx: Cx<'_>, pod: &Pod) -> Option<Finding> {
    let newest = newest(cx, pod, &["FailedMount", "FailedAttachVolume", "FailedMapVolume"])?;
    let message = newest.event.message.as_str();
    let is_cache = message.contains("failed to sync");
    let is_missing = is_missing(message);
    let class = match (is_missing, may_come(cx.world, &pod.metadata.namespace, missing_part(message))) {
        (true, false) => Class::Mount,
        (true, true) => Class::ConfigComing,
        (false, _) => Class::MountOther,
    };
    let volume = between(message, "for volume \"", "\"")
        .map(|name| format!("volume {name} cannot be mounted: "))
        .unwrap_or_default();
    let text = format!("{volume}{}", short(missing_part(message), 100));
    let ripe = is_missing || cx.times(newest) >= ENOUGH;
    let finding = Finding::of_pod(class, Cause::VolumeMount, pod, text).seen_by([told(&newest.event)]);
    let finding = if is_missing { finding } else { finding.tried_at(newest.at) };
    Some(finding.ripe_when(ripe && !is_cache))
}

/// A sandbox that cannot be made.
pub(super) fn sandbox(cx: Cx<'_>, pod: &Pod) -> Option<Finding> {
    let newest = newest(cx, pod, &["FailedCreatePodSandBox", "NetworkNotReady"])?;
    let message = newest.event.message.as_str();
    let is_final = message.contains("no runtime for");
    let class = if is_final { Class::Sandbox } else { Class::SandboxOther };
    let reason = message.rsplit_once("desc = ").map_or(message, |(_, reason)| reason);
    let text = format!("its sandbox cannot be made: {}", short(reason, 110));
    let finding = Finding::of_pod(class, Cause::Sandbox, pod, text).seen_by([told(&newest.event)]);
    let finding = if is_final { finding } else { finding.tried_at(newest.at) };
    Some(finding.ripe_when(is_final || cx.times(newest) >= ENOUGH))
}

/// The newest event of these reasons, unless the pod went on since.
fn newest<'a>(cx: Cx<'a>, pod: &'a Pod, reasons: &[&str]) -> Option<&'a Told> {
    let is_on = |container: &crate::facts::Container| container.state.running.is_some() || container.restart_count > 0;
    if pod.all_containers().any(|(container, _)| is_on(container)) {
        return None;
    }
    let newest = cx.news(&pod.metadata.uid).rfind(|told| reasons.contains(&told.event.reason.as_str()))?;
    (!cx.went_on(pod, None, &["Pulling", "Pulled", "Created", "Started"], newest.at)).then_some(newest)
}

fn is_missing(message: &str) -> bool {
    let part = missing_part(message);
    let is_named = part.starts_with("secret \"") || part.starts_with("configmap \"");
    (is_named && part.contains("not found")) || message.contains("references non-existent")
}

/// `secret "x" not found`, without the volume's own name before it.
fn missing_part(message: &str) -> &str {
    let at =
        ["secret \"", "configmap \"", "references non-existent"].iter().filter_map(|word| message.find(word)).min();
    let part = at.and_then(|at| message.get(at..)).or_else(|| message.split_once(" : ").map(|(_, rest)| rest));
    part.unwrap_or(message)
}
