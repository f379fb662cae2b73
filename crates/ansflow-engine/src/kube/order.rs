//! What a step on a cluster is told: how its own cluster is reached, and nothing of any other.

use ansflow_core::plan::PlannedStep;
use ansflow_core::resolve::Resolved;
use ansflow_core::run::{Attempt, Run};
use ansflow_core::spec::unknown_cluster;

use super::pod;
use crate::attempt::order::Kube;
use crate::cluster::KnownCluster;
use crate::engine::Engine;

/// Whether clusters have to be asked for before the step's order is made.
pub(crate) fn may_name_a_cluster(step: &PlannedStep) -> bool {
    step.kind.starts_with("k8s_") || step.params.contains_key("cluster")
}

/// None: it is no such step. An error is a sentence for the user.
pub(crate) fn order(
    engine: &Engine,
    clusters: &[KnownCluster],
    run: &Run,
    attempt: Attempt,
    resolved: &Resolved,
) -> Result<Option<Kube>, String> {
    let of_pod = resolved.pod.as_ref().map(|pod| &pod.place);
    let Some(place) = resolved.spec.place().or(of_pod) else { return Ok(None) };
    let is_it = |known: &&KnownCluster| known.names.contains(&place.cluster);
    let Some(known) = clusters.iter().find(is_it) else {
        return Err(unknown_cluster(&place.cluster, clusters.iter().map(KnownCluster::name)));
    };
    let namespace = place.namespace.clone().unwrap_or_else(|| known.access.default_namespace().to_owned());
    Ok(Some(Kube {
        access: known.access.clone(),
        cluster: known.name().to_owned(),
        simulated: known.simulated,
        namespace,
        instance: engine.containers.instance.clone(),
        allow_loopback: engine.allow_loopback,
        allowed_exec: known.allowed_exec.clone(),
        pod: resolved.pod.as_ref().map(|place| Box::new(pod::pod(&engine.containers.instance, run, attempt, place))),
    }))
}
