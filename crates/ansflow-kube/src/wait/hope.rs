//! Whether there is any hope left for what is waited for: it is followed as a rollout is.

use crate::cluster::Cluster;
use crate::follow::{Followed, follow};
use crate::goal::{Goal, Want};
use crate::object::Key;
use crate::sink::{Sink, Stop};
use ansflow_core::verdict::{Cause, Waiting};
use std::pin::Pin;
use std::time::Duration;
use tokio::sync::oneshot;

/// The kinds whose failures are known.
const FOLLOWED: [(&str, &str); 7] = [
    ("apps", "Deployment"),
    ("apps", "StatefulSet"),
    ("apps", "DaemonSet"),
    ("apps", "ReplicaSet"),
    ("batch", "Job"),
    ("", "Pod"),
    ("", "PersistentVolumeClaim"),
];

pub(super) struct Hope<'c> {
    cluster: &'c Cluster,
    looks: bool,
    followed: Vec<Key>,
    following: Option<Following<'c>>,
}

struct Following<'c> {
    followed: Pin<Box<dyn Future<Output = Followed> + Send + 'c>>,
    time_is_up: oneshot::Sender<()>,
}

/// How long the last word of the following is waited for.
const LAST_WORD: Duration = Duration::from_secs(2);

struct Silent;

impl Sink for Silent {
    fn line(&self, _line: &str) {}
    fn waiting(&self, _waiting: &Waiting) {}
}

impl<'c> Hope<'c> {
    /// `looks`: whether what fails ends the waiting.
    pub(super) fn new(cluster: &'c Cluster, looks: bool) -> Hope<'c> {
        Hope { cluster, looks, followed: Vec::new(), following: None }
    }

    /// These are waited for now.
    pub(super) fn follow(&mut self, keys: Vec<Key>) {
        let is_known = |key: &Key| FOLLOWED.contains(&(key.group.as_str(), key.kind.as_str()));
        let keys: Vec<Key> = keys.into_iter().filter(is_known).collect();
        if !self.looks || keys.is_empty() || keys == self.followed {
            return;
        }
        self.followed = keys.clone();
        let cluster = self.cluster;
        let (time_is_up, is_up) = oneshot::channel();
        let until = async move {
            match is_up.await {
                Ok(()) => Stop::Deadline,
                // Nobody will say so any more.
                Err(_) => std::future::pending().await,
            }
        };
        let followed = Box::pin(async move {
            let wants = keys.into_iter().map(|key| Want { key, generation: None, manifest: None }).collect();
            follow(cluster, Goal { wants, since: crate::follow::now() }, &Silent, until).await
        });
        self.following = Some(Following { followed, time_is_up });
    }

    /// Ends when it is certain that they fail, with why; never otherwise.
    pub(super) async fn lost(&mut self) -> Followed {
        if let Some(following) = &mut self.following {
            let followed = (&mut following.followed).await;
            self.following = None;
            if followed.verdict.cause.is_some() {
                return followed;
            }
        }
        std::future::pending().await
    }

    /// The time is up: the strongest suspicion, if there is one.
    pub(super) async fn suspicion(&mut self) -> Option<Followed> {
        let Following { followed, time_is_up } = self.following.take()?;
        // Whoever does not listen has ended.
        let _ = time_is_up.send(());
        let followed = tokio::time::timeout(LAST_WORD, followed).await.ok()?;
        followed.verdict.cause.as_ref().is_some_and(|cause| *cause != Cause::Timeout).then_some(followed)
    }
}
