//! What a command needs is created, and what ran before it is gone.

use super::super::manifest::{job, secret};
use super::super::{Task, pin};
use super::end::gone;
use super::{JOB_NAME, key_of};
use crate::again::again;
use crate::cluster::{Cluster, Delete, Patch, Propagation, Selector};
use crate::error::Error;
use crate::facts::Pod;
use crate::kind::Kind;
use crate::object::Obj;
use crate::sink::Sink;
use ansflow_core::verdict::{Cause, Verdict};
use serde_json::json;
use std::time::Duration;

/// So long what an earlier attempt runs may take to end. Of a node that is gone nobody hears it.
const ENDING: Duration = Duration::from_secs(60);

/// Creates what is to be there, unless it is: an answer that was lost was an answer all the same.
pub(super) async fn begin(cluster: &Cluster, task: &Task, sink: &dyn Sink) -> Result<(), Box<Verdict>> {
    take_siblings_away(cluster, task, sink).await?;
    let pin = again(cluster, sink, || pin::pin(cluster, task)).await.map_err(|error| Box::new(error.verdict(None)))?;
    let (Some(secret), Some(job)) = (secret(task), job(task, pin)) else {
        return Err(Box::new(Verdict::failed(Cause::InvalidManifest, None, "the Job could not be written")));
    };
    create(cluster, &secret, sink).await?;
    let made = create(cluster, &job, sink).await?;
    let name = &task.name;
    match made {
        Some(job) => {
            sink.line(&format!("Job/{name}: created, image {}", task.place.image));
            let owner = json!([{ "apiVersion": "batch/v1", "kind": "Job", "name": name, "uid": job.uid(), "controller": true }]);
            let patch = Patch::Merge(json!({ "metadata": { "ownerReferences": owner } }));
            let key = key_of(task, "", "Secret");
            let owned = again(cluster, sink, || cluster.patch(&key, &patch, false)).await;
            owned.map_err(|error| Box::new(error.verdict(Some(key.object()))))?;
        }
        None => sink.line(&format!("Job/{name}: it runs already and is attached to")),
    }
    Ok(())
}

/// None: it is there.
async fn create(cluster: &Cluster, object: &Obj, sink: &dyn Sink) -> Result<Option<Obj>, Box<Verdict>> {
    match again(cluster, sink, || cluster.create(object, false)).await {
        Ok(written) => Ok(Some(written.object)),
        Err(error) if error.code() == 409 => Ok(None),
        Err(Error::Refused(refused)) => Err(Box::new(crate::explain::refused(&refused.answer, object))),
        Err(error) => Err(Box::new(error.verdict(Some(object.object())))),
    }
}

/// A command is never run twice at once: Jobs of earlier attempts go first.
async fn take_siblings_away(cluster: &Cluster, task: &Task, sink: &dyn Sink) -> Result<(), Box<Verdict>> {
    let told = |error: Error| Box::new(error.verdict(None));
    let Some(jobs) = Kind::builtin("batch", "Job") else { return Ok(()) };
    let selector = Selector::labels(&task.siblings);
    let found =
        again(cluster, sink, || cluster.all::<Obj>(&jobs, Some(&task.namespace), &selector)).await.map_err(told)?;
    let earlier: Vec<&Obj> = found.iter().filter(|job| job.name() != task.name).collect();
    if earlier.is_empty() {
        return Ok(());
    }
    let how = Delete { propagation: Propagation::Foreground, ..Delete::default() };
    for job in earlier {
        let key = jobs.key(Some(&task.namespace), job.name());
        again(cluster, sink, || cluster.delete(&key, &how)).await.map_err(told)?;
        sink.line(&format!("Job/{} of an earlier attempt: deleted", job.name()));
    }
    let is_earlier = |pod: &Pod| pod.metadata.labels.get(JOB_NAME).is_some_and(|of| *of != task.name);
    match tokio::time::timeout(ENDING, gone(cluster, &task.namespace, &task.siblings, is_earlier)).await {
        Ok(gone) => gone.map_err(told),
        Err(_) => {
            let seconds = ENDING.as_secs();
            sink.line(&format!(
                "what an earlier attempt runs has not ended within {seconds} s; it is not waited for any longer"
            ));
            Ok(())
        }
    }
}
