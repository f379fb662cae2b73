//! A pod.

use super::Readiness;
use crate::facts::{Condition, Container, Pod};
use crate::text::short;
use ansflow_core::verdict::Cause;

/// Reasons for which a container waits that no time takes away. Back-offs say what was tried before.
const STUCK: [&str; 15] = [
    "ErrImagePull",
    "ImagePullBackOff",
    "ErrImageNeverPull",
    "InvalidImageName",
    "ImageInspectError",
    "CrashLoopBackOff",
    "RunContainerError",
    "CreateContainerConfigError",
    "CreateContainerError",
    "PreCreateHookError",
    "PreStartHookError",
    "PostStartHookError",
    "CreatePodSandboxError",
    "ConfigPodSandboxError",
    "RegistryUnavailable",
];

/// Judges a pod.
#[must_use]
pub fn judge(pod: &Pod) -> Readiness {
    if pod.is_going() {
        return Readiness::Progressing("it is being deleted".to_owned());
    }
    match pod.status.phase.as_str() {
        "Succeeded" if pod.status.reason != "Evicted" => return Readiness::ready(),
        "Succeeded" | "Failed" => return failed(pod),
        _ => {}
    }
    if pod.is_ready() {
        let runs_for_ever = pod.spec.restart_policy.as_deref().unwrap_or("Always") == "Always";
        return if runs_for_ever { Readiness::ready() } else { Readiness::Progressing("it runs".to_owned()) };
    }
    if let Some(scheduled) = pod.condition("PodScheduled").filter(|scheduled| scheduled.is_false()) {
        return unscheduled(scheduled);
    }
    if let Some(stuck) = pod.all_containers().find_map(|(container, _)| stuck(container)) {
        return Readiness::Stuck(stuck);
    }
    Readiness::Progressing(missing(pod))
}

fn failed(pod: &Pod) -> Readiness {
    if pod.status.reason == "Evicted" {
        return Readiness::failed(Cause::Evicted, format!("it was evicted: {}", pod.status.message));
    }
    let end = pod.all_containers().find_map(|(container, _)| {
        let end = container.state.terminated.as_ref().filter(|end| end.exit_code != 0)?;
        Some(format!("container {} ended with {}", container.name, end.exit_code))
    });
    let said = if pod.status.message.is_empty() { "it has failed".to_owned() } else { pod.status.message.clone() };
    Readiness::failed(Cause::JobFailed, end.unwrap_or(said))
}

fn unscheduled(scheduled: &Condition) -> Readiness {
    match scheduled.reason.as_str() {
        "SchedulingGated" => Readiness::Progressing("its scheduling gates hold it".to_owned()),
        _ => Readiness::Stuck(format!("it has no node: {}", short(&scheduled.message, 300))),
    }
}

fn stuck(container: &Container) -> Option<String> {
    let waiting = container.state.waiting.as_ref().filter(|waiting| STUCK.contains(&waiting.reason.as_str()))?;
    let text = short(&waiting.message, 300);
    Some(format!("container {}: {}{}{text}", container.name, waiting.reason, if text.is_empty() { "" } else { ": " }))
}

/// What a pod that is not ready lacks.
fn missing(pod: &Pod) -> String {
    if pod.spec.node_name.is_none() {
        return "it has no node yet".to_owned();
    }
    let running_init = pod.status.init_container_statuses.iter().find(|it| it.state.running.is_some() && !it.ready);
    if let Some(init) = running_init {
        return format!("init container {} runs", init.name);
    }
    let unready: Vec<&Container> = pod.status.container_statuses.iter().filter(|it| !it.ready).collect();
    if let Some(first) = unready.first() {
        let does = if first.state.running.is_some() { "runs and is not ready yet" } else { "is being started" };
        return format!("container {} {does}", first.name);
    }
    let gate = pod
        .spec
        .readiness_gates
        .iter()
        .find(|gate| !pod.condition(&gate.condition_type).is_some_and(Condition::is_true));
    match gate {
        Some(gate) => format!("readiness gate {} is not open", gate.condition_type),
        None => "its containers are being started".to_owned(),
    }
}
