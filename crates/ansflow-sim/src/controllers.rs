//! Everything that brings the cluster nearer to what is wanted, one controller a kind: it looks at one key, and does what is missing.
//!
//! They read the store as it is now, so they need no expectations; what a real controller does on a cache that lags (a status
//! of before its own writes, a conflict after two writes of one round) is done on purpose, because watchers see it.

mod adopt;
mod conditions;
mod cron_job;
mod daemon_set;
mod deployment;
mod disruption;
mod endpoint_slice;
mod endpoints;
mod event_ttl;
mod garbage;
mod hpa;
mod job;
mod known;
mod namespace;
mod pods;
mod pv_binder;
mod quota;
mod replica_set;
mod revisions;
mod root_ca;
mod service_account;
mod service_lb;
mod stateful_set;
mod tell;
mod token_secret;
mod ttl;

use serde_json::Value;

use crate::config::SimConfig;
use crate::node;
use crate::object::Object;
use crate::status::Status;
use crate::world::controller::{Controller, Outcome};

/// All controllers, in the order in which they hear of changes.
pub(crate) fn all(config: &SimConfig) -> Vec<Box<dyn Controller>> {
    let mut all: Vec<Box<dyn Controller>> = vec![
        Box::new(crate::crd::Establish::new()),
        Box::new(service_account::ServiceAccounts),
        Box::new(root_ca::RootCa),
        Box::new(namespace::Namespaces),
        Box::new(deployment::Deployments),
        Box::new(replica_set::ReplicaSets),
        Box::new(job::Jobs),
        Box::new(stateful_set::StatefulSets),
        Box::new(daemon_set::DaemonSets),
        Box::new(ttl::Ttl),
        Box::new(cron_job::CronJobs),
        Box::new(endpoints::Endpoints),
        Box::new(endpoint_slice::EndpointSlices),
        Box::new(disruption::Disruption),
        Box::new(pv_binder::Binder),
        Box::new(hpa::Autoscalers),
        Box::new(token_secret::TokenSecrets),
        Box::new(quota::Quotas),
        Box::new(garbage::Garbage),
        Box::new(event_ttl::EventTtl::default()),
    ];
    if config.load_balancer {
        all.push(Box::new(service_lb::LoadBalancers::default()));
    }
    all.extend(node::controllers(config));
    all
}

/// What is done of a key, or how it goes on where it could not be.
type Step<T> = Result<T, Outcome>;

/// A refused write is tried again after the key's growing delay.
impl From<Status> for Outcome {
    fn from(status: Status) -> Outcome {
        tracing::debug!("a controller was refused: {}", status.message);
        Outcome::Retry
    }
}

/// Puts both ways to go on together.
fn settled(step: Step<Outcome>) -> Outcome {
    step.unwrap_or_else(|outcome| outcome)
}

/// A field of an object; null where it is not there.
fn part<'a>(object: &'a Object, field: &str) -> &'a Value {
    static NOTHING: Value = Value::Null;
    object.get(field).unwrap_or(&NOTHING)
}
