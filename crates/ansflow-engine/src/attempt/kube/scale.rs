//! `k8s_scale`

use ansflow_core::run::event::Gains;
use ansflow_core::spec::K8sScale;
use serde_json::json;
use std::time::Instant;

use super::desk::Desk;
use super::evidence;
use crate::attempt::NoGain;

pub(super) async fn scale(desk: &Desk<'_>, step: &K8sScale, until: Instant) -> Result<Gains, NoGain> {
    let (cluster, namespace) = (&desk.cluster, desk.namespace());
    let ending = ansflow_kube::scale::scale(cluster, namespace, step, &desk.scribe, desk.stop(until)).await;
    evidence::conclude(desk, ending).await?;
    Ok(desk.gains([("replicas", json!(step.replicas)), ("resource_name", json!(step.name))]))
}
