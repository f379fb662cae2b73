//! `k8s_delete`

use ansflow_core::run::event::Gains;
use ansflow_core::spec::{K8sDelete, Which};
use ansflow_kube::delete::{How, delete as run};
use ansflow_kube::objects::What;
use std::time::Instant;

use super::desk::Desk;
use super::manifests;
use crate::attempt::NoGain;

pub(super) async fn delete(desk: &Desk<'_>, step: &K8sDelete, until: Instant) -> Result<Gains, NoGain> {
    let what = match &step.which {
        Which::Named { kind, names } => What::Named { kind: kind.clone(), names: names.clone() },
        Which::Selected { kind, selector } => What::Selected { kind: kind.clone(), selector: selector.clone() },
        Which::Of(source) => {
            let manifests = manifests::read(desk, source, &step.names)?;
            What::Objects(manifests.into_iter().map(|manifest| manifest.object).collect())
        }
    };
    let how = How {
        ignore_not_found: step.ignore_not_found,
        force: step.force,
        propagation: step.propagation,
        wait: step.wait,
    };
    desk.conclude(run(&desk.cluster, desk.namespace(), &what, &how, &desk.scribe, desk.stop(until)).await)?;
    Ok(desk.gains([]))
}
