//! `k8s_deploy`: a whole deploy, its evidence among the run's artifacts, and what later steps get of it.

use std::time::{Duration, Instant};

use ansflow_core::run::event::Gains;
use ansflow_core::spec::K8sDeploy;
use ansflow_kube::deploy::{Dir, Order, Owner, run};
use serde_json::json;

use super::desk::Desk;
use super::evidence;
use crate::attempt::NoGain;

/// The deploy ends by itself when its time is up, and knows better why than who would end it.
const A_LITTLE: Duration = Duration::from_secs(1);

pub(super) async fn deploy(desk: &Desk<'_>, step: &K8sDeploy, until: Instant) -> Result<Gains, NoGain> {
    let names = &desk.order.names;
    let order = Order {
        dir: &Dir { workspace: (&desk.order.workspace).into(), directory: (&desk.order.directory).into() },
        namespace: desk.namespace(),
        until: until.into(),
        owner: Owner { pipeline: names.pipeline.clone(), step: names.step.clone() },
        evidence: &evidence::folder(desk),
        masker: desk.masker,
    };
    let outcome = Box::pin(run(&desk.cluster, step, &order, &desk.scribe, desk.stop(until + A_LITTLE))).await;
    // It has said so before it undid anything.
    evidence::keep_told(desk, &outcome.kept);
    desk.conclude(outcome.verdict)?;
    Ok(desk.gains(outcome.outputs.into_iter().map(|(name, text)| (name, json!(text)))))
}
