//! What an object owns, down to its pods: by owner references, looked for among what its selector finds.

use super::super::act::selector;
use super::super::history::is_owned;
use super::super::rows::time;
use crate::cluster::{Cluster, Page, Selector};
use crate::error::Error;
use crate::judge::judge;
use crate::object::Obj;
use crate::text::short;
use jiff::Timestamp;

/// No more of a kind are looked at.
const MOST: u32 = 500;

/// An object that is owned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// `ReplicaSet`.
    pub kind: String,
    /// Its namespace.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// Which of that name.
    pub uid: String,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// The judge's word.
    pub state: &'static str,
    /// What the judge says besides.
    pub message: Option<String>,
    /// What it owns itself.
    pub children: Vec<Branch>,
}

impl Branch {
    fn of(object: &Obj, children: Vec<Branch>) -> Branch {
        let readiness = judge(object);
        Branch {
            kind: object.kind().to_owned(),
            namespace: object.namespace().map(str::to_owned),
            name: object.name().to_owned(),
            uid: object.uid().to_owned(),
            created_at: time(object.at(&["metadata", "creationTimestamp"])),
            state: readiness.word(),
            message: readiness.message().map(|text| short(text, 300)),
            children,
        }
    }

    /// Its own uid and those below it.
    pub(super) fn uids(&self) -> Vec<&str> {
        let below = self.children.iter().flat_map(Branch::uids);
        std::iter::once(self.uid.as_str()).chain(below).collect()
    }
}

/// What an object owns, the newest first.
pub(super) async fn below(cluster: &Cluster, object: &Obj) -> Result<Vec<Branch>, Error> {
    let (middle, by_labels) = match (object.group(), object.kind()) {
        ("apps", "Deployment") => (Some(("apps", "ReplicaSet")), true),
        ("apps", "StatefulSet" | "DaemonSet" | "ReplicaSet") | ("batch", "Job") => (None, true),
        ("batch", "CronJob") => (Some(("batch", "Job")), false),
        _ => return Ok(Vec::new()),
    };
    let labels = if by_labels { Selector::labels(selector(object)) } else { Selector::all() };
    let pods = list(cluster, ("", "Pod"), object, &labels);
    let Some(middle) = middle else {
        return Ok(owned(object, &pods.await?).into_iter().map(|pod| Branch::of(pod, Vec::new())).collect());
    };
    let (middle, pods) = futures_util::try_join!(list(cluster, middle, object, &labels), pods)?;
    let with_pods = |one: &Obj| {
        let pods = owned(one, &pods).into_iter().map(|pod| Branch::of(pod, Vec::new())).collect();
        Branch::of(one, pods)
    };
    let branches = owned(object, &middle).into_iter().map(with_pods);
    // Old versions are kept for going back to them, and are nothing of what runs.
    Ok(branches.filter(|branch| branch.kind != "ReplicaSet" || !branch.children.is_empty()).collect())
}

async fn list(
    cluster: &Cluster,
    (group, kind): (&str, &str),
    object: &Obj,
    selector: &Selector,
) -> Result<Vec<Obj>, Error> {
    let kind = cluster.kind_of(group, None, kind).await?;
    Ok(cluster.list::<Obj>(&kind, object.namespace(), selector, &Page::first(MOST)).await?.items)
}

fn owned<'a>(owner: &Obj, objects: &'a [Obj]) -> Vec<&'a Obj> {
    let mut owned: Vec<&Obj> = objects.iter().filter(|object| is_owned(object, owner.uid())).collect();
    owned.sort_by_key(|object| std::cmp::Reverse(time(object.at(&["metadata", "creationTimestamp"]))));
    owned
}
