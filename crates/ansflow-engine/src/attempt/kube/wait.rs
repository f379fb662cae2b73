//! `k8s_wait`

use ansflow_core::run::event::Gains;
use ansflow_core::spec::{K8sWait, Which};
use ansflow_kube::objects::What;
use ansflow_kube::wait::condition::Condition;
use std::time::Instant;

use super::desk::Desk;
use super::evidence;
use crate::attempt::{NoGain, broken, failed};

pub(super) async fn wait(desk: &Desk<'_>, step: &K8sWait, until: Instant) -> Result<Gains, NoGain> {
    let what = match &step.which {
        Which::Named { kind, names } => What::Named { kind: kind.clone(), names: names.clone() },
        Which::Selected { kind, selector } => What::Selected { kind: kind.clone(), selector: selector.clone() },
        Which::Of(_) => return Err(broken("a wait names its objects, and has no manifests")),
    };
    let conditions = step.conditions.iter().map(|text| Condition::parse(text)).collect::<Result<Vec<_>, _>>();
    let conditions = conditions.map_err(|why| failed(format!("`for`: {why}")))?;
    let (cluster, namespace, stop) = (&desk.cluster, desk.namespace(), desk.stop(until));
    let ending = ansflow_kube::wait::wait(cluster, namespace, &what, &conditions, step.any, &desk.scribe, stop).await;
    evidence::conclude(desk, ending).await?;
    Ok(desk.gains([]))
}
