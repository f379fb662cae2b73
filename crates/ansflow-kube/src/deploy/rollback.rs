//! Back to what was there before: objects as they were read, and without those that were made.
//!
//! What nobody could bring back, a namespace, a definition or a claim with its data, is never deleted. Where pods of a broken
//! version would not be replaced by themselves, as those of a StatefulSet, they are deleted.

use super::apply::{Applied, Wrote};
use super::ask::Asker;
use super::establish::gone;
use super::plan::Entry;
use super::scope::is_kept;
use crate::Millis;
use crate::cluster::{Delete, Precondition, Propagation, Selector};
use crate::error::Error;
use crate::goal::{Goal, Want};
use crate::judge::{is_plain, judge};
use crate::object::{Key, Obj};
use ansflow_core::verdict::Object;
use serde_json::{Value as Json, json};

/// How often an object is put back that somebody else changes meanwhile.
const TRIES: usize = 3;
/// What the server writes into a Job and will not take back.
const OF_JOBS: [&str; 4] =
    ["controller-uid", "job-name", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name"];

/// What became of a rollback.
#[derive(Default)]
pub struct RolledBack {
    /// What was put back, and as which generation.
    back: Vec<(Key, i64, Obj)>,
    /// What was deleted.
    deleted: Vec<Object>,
    /// What could not be undone, or was left on purpose, each with the reason.
    pub left: Vec<String>,
}

impl Applied {
    /// Undoes what was written, the last first. It goes on where one object cannot be put back.
    pub async fn roll_back(&self, asker: &Asker<'_>) -> RolledBack {
        let mut undone = RolledBack::default();
        for (at, wrote) in self.wrote().into_iter().rev() {
            let Some(entry) = self.plan.entries.get(at) else { continue };
            let object = entry.key.object();
            match undo(asker, entry, &wrote).await {
                Ok(Undone::Back(now)) => undone.back.push((entry.key.clone(), now.generation(), now)),
                Ok(Undone::Deleted) => undone.deleted.push(object),
                Ok(Undone::Left(why)) => undone.left.push(format!("{object} stays: {why}")),
                Err(error) => undone.left.push(format!("{object} could not be put back: {error}")),
            }
        }
        undone
    }
}

impl RolledBack {
    /// What was done, in words.
    #[must_use]
    pub fn line(&self) -> String {
        let names = |all: Vec<Object>| all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let back = self.back.iter().map(|(key, ..)| key.object()).collect::<Vec<_>>();
        let revision = self
            .back
            .iter()
            .find_map(|(_, _, now)| now.text(&["metadata", "annotations", "deployment.kubernetes.io/revision"]));
        let mut parts = Vec::new();
        if !back.is_empty() {
            let of = revision.map(|revision| format!(" (revision {revision})")).unwrap_or_default();
            parts.push(format!("as before{of}: {}", names(back)));
        }
        if !self.deleted.is_empty() {
            parts.push(format!("deleted: {}", names(self.deleted.clone())));
        }
        parts.extend(self.left.iter().cloned());
        if parts.is_empty() {
            "there was nothing to roll back".to_owned()
        } else {
            format!("rolled back – {}", parts.join("; "))
        }
    }

    /// What the tracker waits for now, from the moment `since`; none where nothing has to become ready.
    #[must_use]
    pub fn goal(&self, since: Millis) -> Option<Goal> {
        let wants = self.back.iter().filter(|(.., object)| !is_plain(object));
        let want = |(key, generation, object): &(Key, i64, Obj)| Want {
            key: key.clone(),
            generation: Some(*generation),
            manifest: Some(object.clone()),
        };
        let wants: Vec<_> = wants.map(want).collect();
        (!wants.is_empty()).then_some(Goal { wants, since })
    }

    /// Whether all of it is as it was.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.left.is_empty()
    }
}

enum Undone {
    Back(Obj),
    Deleted,
    Left(String),
}

async fn undo(asker: &Asker<'_>, entry: &Entry, wrote: &Wrote) -> Result<Undone, Error> {
    let key = &entry.key;
    if wrote.created {
        if is_kept(key) {
            return Ok(Undone::Left("what is in it could not be brought back".to_owned()));
        }
        delete(asker, key, wrote.object.uid(), Propagation::Background).await?;
        return Ok(Undone::Deleted);
    }
    let Some(before) = &entry.before else {
        return Ok(Undone::Left("it could not be read before it was changed".to_owned()));
    };
    if wrote.recreated {
        delete(asker, key, wrote.object.uid(), Propagation::Foreground).await?;
        gone(asker, key, wrote.object.uid()).await?;
        return Ok(Undone::Back(create(asker, before).await?));
    }
    let live = asker.get(key, None).await?;
    let broken = live.as_ref().and_then(|live| live.text(&["status", "updateRevision"])).map(str::to_owned);
    let now = match live {
        None => create(asker, before).await?,
        Some(live) => put_back(asker, key, before, live).await?,
    };
    if let (Some(broken), "StatefulSet") = (broken, key.kind.as_str()) {
        replace_pods(asker, &now, &broken).await?;
    }
    Ok(Undone::Back(now))
}

/// Puts an object as it was in the place of what is there.
async fn put_back(asker: &Asker<'_>, key: &Key, before: &Obj, mut live: Obj) -> Result<Obj, Error> {
    let mut tries = 0;
    loop {
        let mut object = before.clone();
        let version = live.at(&["metadata", "resourceVersion"]).cloned().unwrap_or(Json::Null);
        if let Some(Json::Object(metadata)) = object.map_mut().get_mut("metadata") {
            metadata.insert("resourceVersion".to_owned(), version);
        }
        tries += 1;
        match asker.put(&object).await {
            Ok(written) => return Ok(owned_again(asker, before, written.object).await),
            Err(error) if error.code() == 409 && tries < TRIES => match asker.get(key, None).await? {
                Some(now) => live = now,
                None => return create(asker, before).await,
            },
            Err(error) => return Err(error),
        }
    }
}

/// Gives its fields back to whom they belonged. Without this the next deploy could not take away what was put back, since we
/// would have it twice: as applied and as put. Where it cannot be done, the object is as it was all the same.
async fn owned_again(asker: &Asker<'_>, before: &Obj, now: Obj) -> Obj {
    let owners = before.at(&["metadata", "managedFields"]).cloned();
    let mut object = now.clone();
    let (Some(owners), Some(Json::Object(metadata))) = (owners, object.map_mut().get_mut("metadata")) else {
        return now;
    };
    metadata.insert("managedFields".to_owned(), owners);
    match asker.put(&object).await {
        Ok(written) => written.object,
        Err(_) => now,
    }
}

/// Makes an object that was there before and is gone.
async fn create(asker: &Asker<'_>, before: &Obj) -> Result<Obj, Error> {
    let mut object = before.clone();
    let map = object.map_mut();
    map.remove("status");
    if let Some(Json::Object(metadata)) = map.get_mut("metadata") {
        for field in ["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink"] {
            metadata.remove(field);
        }
    }
    if before.group() == "batch"
        && before.kind() == "Job"
        && before.at(&["spec", "manualSelector"]) != Some(&json!(true))
    {
        unmark(map);
    }
    let made = asker.patiently(async || asker.cluster.create(&object, false).await).await?;
    Ok(made.object)
}

/// Takes from a Job what ties it to its uid.
fn unmark(map: &mut serde_json::Map<String, Json>) {
    let mut whole = Json::Object(std::mem::take(map));
    if let Some(Json::Object(spec)) = whole.get_mut("spec") {
        spec.remove("selector");
    }
    for path in ["/metadata/labels", "/spec/template/metadata/labels"] {
        if let Some(Json::Object(labels)) = whole.pointer_mut(path) {
            OF_JOBS.iter().for_each(|label| {
                labels.remove(*label);
            });
        }
    }
    if let Json::Object(cleaned) = whole {
        *map = cleaned;
    }
}

/// Deletes the pods of a version that never became ready: an ordered StatefulSet waits for them for ever.
async fn replace_pods(asker: &Asker<'_>, set: &Obj, broken: &str) -> Result<(), Error> {
    let kind = asker.cluster.kind_of("", Some("v1"), "Pod").await?;
    let selector = Selector::labels(format!("controller-revision-hash={broken}"));
    let pods: Vec<Obj> = asker.patiently(async || asker.cluster.all(&kind, set.namespace(), &selector).await).await?;
    let is_ours = |pod: &&Obj| {
        let owners = pod.at(&["metadata", "ownerReferences"]).and_then(Json::as_array);
        owners.is_some_and(|all| all.iter().any(|owner| owner.get("uid") == Some(&json!(set.uid()))))
    };
    for pod in pods.iter().filter(is_ours).filter(|pod| !judge(pod).is_ready()) {
        delete(asker, &pod.key(), pod.uid(), Propagation::Background).await?;
    }
    Ok(())
}

async fn delete(asker: &Asker<'_>, key: &Key, uid: &str, propagation: Propagation) -> Result<(), Error> {
    let only = Precondition { uid: Some(uid.to_owned()), version: None };
    match asker.delete(key, &Delete { propagation, only, ..Delete::default() }).await {
        // Another of its name: somebody else has been here, and it is theirs.
        Err(error) if error.code() == 409 => Ok(()),
        other => other.map(|_| ()),
    }
}
