//! Deleting objects, and waiting until they are gone.
//!
//! All of them are looked at before the first is deleted, and each is deleted by its uid: what somebody makes anew under the same
//! name is not ours. Whoever holds one that does not go is named.

mod doomed;
mod gone;

use crate::again::again;
use crate::cluster::{self, Cluster, Delete, Precondition};
use crate::error::Error;
use crate::objects::{What, groups};
use crate::sink::{Sink, Stop};
use crate::text::{count, short};
use ansflow_core::spec::Propagation;
use ansflow_core::verdict::{Cause, Object, Verdict};
use doomed::{Doomed, look};
use futures_util::{StreamExt as _, stream};
use std::pin::pin;

/// How they are deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct How {
    /// What is not there is no failure.
    pub ignore_not_found: bool,
    /// Pods get no time to end.
    pub force: bool,
    /// What becomes of what they own.
    pub propagation: Propagation,
    /// Until they are gone.
    pub wait: bool,
}

/// So many are deleted at once.
const AT_ONCE: usize = 20;

/// Deletes what is meant; of manifests the last one first.
pub async fn delete(
    cluster: &Cluster,
    namespace: &str,
    what: &What,
    how: &How,
    sink: &dyn Sink,
    stop: impl Future<Output = Stop>,
) -> Verdict {
    let mut stop = pin!(stop);
    let deleted = tokio::select! {
        biased;
        deleted = delete_all(cluster, namespace, what, how, sink) => deleted,
        stop = &mut stop => return ended(stop, &[]),
    };
    match deleted {
        Err(verdict) => *verdict,
        Ok(doomed) if doomed.is_empty() => Verdict::ready(None, "there was nothing to delete"),
        Ok(doomed) if !how.wait => Verdict::ready(one_of(&doomed), format!("{} asked to go", all(&doomed))),
        Ok(doomed) => match gone::wait(cluster, &doomed, sink, stop).await {
            Ok(remarks) => {
                let mut verdict = Verdict::ready(one_of(&doomed), format!("{} gone", all(&doomed)));
                verdict.remarks = remarks;
                verdict
            }
            Err(verdict) => *verdict,
        },
    }
}

async fn delete_all(
    cluster: &Cluster,
    namespace: &str,
    what: &What,
    how: &How,
    sink: &dyn Sink,
) -> Result<Vec<Doomed>, Box<Verdict>> {
    let mut groups = groups(cluster, namespace, what, sink).await.map_err(|error| Box::new(error.verdict(None)))?;
    let is_manifests = matches!(what, What::Objects(_));
    if is_manifests {
        groups.reverse();
    }
    let (doomed, missing) = look(cluster, &groups, sink).await?;
    for object in &missing {
        sink.line(&format!("{object}: there is none"));
    }
    if let (false, Some(first)) = (how.ignore_not_found, missing.first()) {
        let more = if missing.len() > 1 { format!(" (and {} more)", missing.len() - 1) } else { String::new() };
        let summary = format!("{first} cannot be deleted: there is none{more}; nothing was deleted");
        let mut verdict = Verdict::failed(Cause::unknown(), Some(first.clone()), summary);
        verdict.advice = Some("check kind, name and namespace, or set ignore_not_found: true".to_owned());
        return Err(Box::new(verdict));
    }
    let at_once = if is_manifests { 1 } else { AT_ONCE };
    let mut deletions = stream::iter(&doomed).map(|one| delete_one(cluster, one, how, sink)).buffered(at_once);
    let mut done = Vec::new();
    while let Some(result) = deletions.next().await {
        match result {
            Ok(()) => done.push(()),
            Err((object, error)) => {
                let mut verdict = error.verdict(Some(object));
                if !done.is_empty() {
                    verdict.remarks.push(format!("{} deleted before", count(number(done.len()), "object")));
                }
                return Err(Box::new(verdict));
            }
        }
    }
    drop(deletions);
    Ok(doomed)
}

async fn delete_one(cluster: &Cluster, one: &Doomed, how: &How, sink: &dyn Sink) -> Result<(), (Object, Error)> {
    let object = one.key.object();
    let grace = how.force.then_some(0);
    let only = Precondition { uid: Some(one.uid.clone()), version: None };
    let propagation = match how.propagation {
        Propagation::Background => cluster::Propagation::Background,
        Propagation::Foreground => cluster::Propagation::Foreground,
        Propagation::Orphan => cluster::Propagation::Orphan,
    };
    let delete = Delete { propagation, grace, only, dry_run: false };
    match again(cluster, sink, || cluster.delete(&one.key, &delete)).await {
        Ok(true) => sink.line(&format!("{object}: deleted")),
        Ok(false) => sink.line(&format!("{object}: gone already")),
        // Another one has its name now: ours is gone.
        Err(error) if error.code() == 409 && error.to_string().contains("Precondition failed: UID") => {
            sink.line(&format!("{object}: gone already, and made anew by somebody"));
        }
        Err(error) => return Err((object, error)),
    }
    Ok(())
}

fn one_of(doomed: &[Doomed]) -> Option<Object> {
    doomed.first().map(|one| one.key.object())
}

/// `Deployment/web is`, `3 objects are`.
fn all(doomed: &[Doomed]) -> String {
    match doomed {
        [one] => format!("{} is", one.key.object()),
        more => format!("{} are", count(number(more.len()), "object")),
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The waiting was ended from outside; `left` says of each what holds it.
fn ended(stop: Stop, left: &[(Object, String)]) -> Verdict {
    let object = left.first().map(|(object, _)| object.clone());
    let held: Vec<String> = left.iter().take(3).map(|(object, why)| format!("{object} {why}")).collect();
    let more = left.len().saturating_sub(held.len());
    let more = if more == 0 { String::new() } else { format!(" (and {more} more)") };
    let held = if held.is_empty() { "the cluster did not answer".to_owned() } else { held.join(", ") };
    let mut verdict = match stop {
        Stop::Deadline => {
            let summary = format!("not gone when the time was up: {held}{more}");
            Verdict::failed(Cause::Timeout, object, short(&summary, 300))
        }
        Stop::Cancelled => {
            let summary = format!("cancelled; what was deleted goes on to go: {held}{more}");
            Verdict::failed(Cause::Cancelled, object, short(&summary, 300))
        }
    };
    if stop == Stop::Deadline && held.contains("finalizer") {
        verdict.advice = Some("look after the controller that is to take its finalizer away".to_owned());
    }
    verdict
}
