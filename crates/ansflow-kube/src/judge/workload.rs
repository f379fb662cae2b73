//! What keeps pods running: Deployments, StatefulSets, DaemonSets, ReplicaSets.

use super::{Readiness, is_true, say};
use crate::facts::{DaemonSet, Deployment, ReplicaSet, StatefulSet, condition};
use crate::text::count;
use ansflow_core::verdict::Cause;

pub(super) fn deployment(deployment: &Deployment) -> Readiness {
    let (spec, status) = (&deployment.spec, &deployment.status);
    let wanted = spec.replicas.unwrap_or(1);
    let is_complete =
        [status.updated_replicas, status.replicas, status.available_replicas].iter().all(|n| *n == wanted);
    if is_complete {
        return Readiness::ready();
    }
    if spec.paused {
        return Readiness::Stuck("it is paused, so that this version is not rolled out".to_owned());
    }
    if let Some(late) = condition(&status.conditions, "Progressing")
        .filter(|progressing| progressing.is_false() && progressing.reason == "ProgressDeadlineExceeded")
    {
        return Readiness::failed(Cause::ProgressDeadline, say(late));
    }
    if let Some(failure) = is_true(&status.conditions, "ReplicaFailure") {
        return Readiness::Stuck(say(failure));
    }
    Readiness::Progressing(counted(wanted, status.updated_replicas, status.available_replicas, status.replicas))
}

/// "1 of 3 new pods ready, 2 old ones left".
fn counted(wanted: i64, updated: i64, available: i64, all: i64) -> String {
    let old = all.saturating_sub(updated);
    let ready = available.saturating_sub(old).clamp(0, updated.max(0));
    let mut words = match wanted {
        0 => format!("{} still there", count(all, "pod")),
        _ => format!("{ready} of {} ready", count(wanted, "new pod")),
    };
    if old > 0 && wanted > 0 {
        words
            .push_str(&format!(", {} left", if old == 1 { "1 old one".to_owned() } else { format!("{old} old ones") }));
    }
    words
}

pub(super) fn stateful_set(set: &StatefulSet) -> Readiness {
    let (spec, status) = (&set.spec, &set.status);
    let wanted = spec.replicas.unwrap_or(1);
    let is_new = status.update_revision.is_empty() || status.current_revision == status.update_revision;
    if spec.update_strategy.r#type == "OnDelete" {
        return match (status.ready_replicas >= wanted, is_new) {
            (true, true) => Readiness::ready(),
            (true, false) => Readiness::with("OnDelete: its pods keep their old version until somebody deletes them"),
            (false, false) => Readiness::with("OnDelete: not all pods are ready, and they keep their old version"),
            (false, true) => Readiness::Progressing(next_pod(wanted, status.ready_replicas)),
        };
    }
    let partition = spec.update_strategy.rolling_update.partition;
    if status.ready_replicas != wanted || status.replicas != wanted {
        return Readiness::Progressing(next_pod(wanted, status.ready_replicas));
    }
    if is_new && status.updated_replicas == wanted {
        return Readiness::ready();
    }
    let to_update = wanted.saturating_sub(partition).max(0);
    if partition > 0 && status.updated_replicas >= to_update {
        return Readiness::with(format!("partition: pods below number {partition} keep their old version"));
    }
    Readiness::Progressing(format!("{} of {} new", status.updated_replicas, count(to_update, "pod")))
}

fn next_pod(wanted: i64, ready: i64) -> String {
    format!("{ready} of {} ready", count(wanted, "pod"))
}

pub(super) fn daemon_set(set: &DaemonSet) -> Readiness {
    let status = &set.status;
    let wanted = status.desired_number_scheduled;
    if set.spec.update_strategy.r#type == "OnDelete" {
        return match (status.number_available >= wanted, status.updated_number_scheduled >= wanted) {
            (true, true) => Readiness::ready(),
            (true, false) => Readiness::with("OnDelete: its pods keep their old version until somebody deletes them"),
            (false, _) => Readiness::Progressing(next_pod(wanted, status.number_available)),
        };
    }
    if wanted == 0 {
        return Readiness::with("no node is to have a pod of it");
    }
    if status.updated_number_scheduled == wanted && status.number_available == wanted {
        return Readiness::ready();
    }
    let ready = status.number_available.min(status.updated_number_scheduled);
    Readiness::Progressing(format!("{ready} of {} ready", count(wanted, "new pod")))
}

pub(super) fn replica_set(set: &ReplicaSet) -> Readiness {
    let wanted = set.spec.replicas.unwrap_or(1);
    if set.status.observed_generation < set.metadata.generation {
        return Readiness::Progressing("its controller has not seen this version yet".to_owned());
    }
    if set.status.available_replicas == wanted && set.status.replicas == wanted {
        return Readiness::ready();
    }
    if let Some(failure) = is_true(&set.status.conditions, "ReplicaFailure") {
        return Readiness::Stuck(say(failure));
    }
    Readiness::Progressing(next_pod(wanted, set.status.available_replicas))
}
