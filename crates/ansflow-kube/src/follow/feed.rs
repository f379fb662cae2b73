//! All watches of a following: those that the goal needs from the beginning, and those that tell more once something is
//! suspected.

use super::source::{Fed, How, Source, Streams, What, Word};
use super::{kind_of, now};
use crate::Millis;
use crate::cluster::{Cluster, Selector};
use crate::error::Error;
use crate::goal::Goal;
use crate::kind::Kind;
use futures_util::stream::{SelectAll, StreamExt as _};
use std::collections::{BTreeMap, BTreeSet};

/// For how long a refusal must last: a token may just be renewed, a role just be bound.
const REFUSED: Millis = 2_000;

/// What may make a ConfigMap or a Secret that is missing.
const MAKERS: [(&str, &str); 3] =
    [("external-secrets.io", "ExternalSecret"), ("bitnami.com", "SealedSecret"), ("cert-manager.io", "Certificate")];

#[derive(Default)]
pub(super) struct Feed {
    cluster: Option<Cluster>,
    streams: SelectAll<Streams>,
    sources: Vec<Source>,
    /// Where something runs.
    namespaces: BTreeSet<String>,
    looks_closer: bool,
}

impl Feed {
    /// Opens what a goal needs. An error is that of a kind which is not served.
    pub(super) async fn open(cluster: &Cluster, goal: &Goal) -> Result<Feed, Error> {
        let mut feed = Feed { cluster: Some(cluster.clone()), ..Feed::default() };
        let mut named: BTreeMap<(String, String, Option<String>), Vec<&str>> = BTreeMap::new();
        for key in goal.wants.iter().map(|want| &want.key) {
            let of_kind = (key.group.clone(), key.kind.clone(), key.namespace.clone());
            named.entry(of_kind).or_default().push(&key.name);
            feed.namespaces.extend(key.namespace.clone());
        }
        for ((group, kind, namespace), names) in named {
            let key = crate::object::Key { group, kind, namespace: namespace.clone(), name: String::new() };
            let kind = kind_of(cluster, &key).await?;
            let selector = match names.as_slice() {
                [name] => Selector::name(name),
                _ => Selector::all(),
            };
            feed.add(What::Goal, Some(kind), namespace.as_deref(), selector);
        }
        for namespace in feed.namespaces.clone() {
            let namespace = Some(namespace.as_str());
            for (what, group, kind) in [
                (What::Sets, "apps", "ReplicaSet"),
                (What::Pods, "", "Pod"),
                (What::Claims, "", "PersistentVolumeClaim"),
                (What::Events, "", "Event"),
            ] {
                feed.add(what, Kind::builtin(group, kind), namespace, Selector::all());
            }
        }
        if !feed.namespaces.is_empty() {
            feed.add(What::Nodes, Kind::builtin("", "Node"), None, Selector::all());
        }
        Ok(feed)
    }

    fn add(&mut self, what: What, kind: Option<Kind>, namespace: Option<&str>, selector: Selector) {
        if let (Some(kind), Some(cluster)) = (kind, &self.cluster) {
            let source = Source::new(what, kind, namespace, selector);
            self.streams.push(source.open(cluster, self.sources.len()));
            self.sources.push(source);
        }
    }

    /// Something is suspected: what might heal it is watched, too. Asked for once.
    pub(super) async fn look_closer(&mut self, cluster: &Cluster) {
        if std::mem::replace(&mut self.looks_closer, true) {
            return;
        }
        // Where kinds are not told, these are not there, as far as we may know.
        let served = cluster.kinds().await.unwrap_or_default();
        for namespace in self.namespaces.clone() {
            let namespace = Some(namespace.as_str());
            for kind in ["ConfigMap", "Secret", "ServiceAccount", "Service"] {
                self.add(What::NearNames, Kind::builtin("", kind), namespace, Selector::all());
            }
            for (group, kind) in MAKERS {
                let found = served.iter().find(|known| known.group == group && known.kind == kind).cloned();
                self.add(What::NearNames, found, namespace, Selector::all());
            }
            self.add(What::Near, Kind::builtin("batch", "Job"), namespace, Selector::all());
        }
    }

    /// Begins all watches anew: they may hang without knowing it.
    pub(super) fn renew(&mut self, why: &Error) {
        let Some(cluster) = &self.cluster else { return };
        self.streams = SelectAll::new();
        for (number, source) in self.sources.iter_mut().enumerate() {
            if !matches!(source.how, How::Left) {
                source.how = How::Gap(why.clone(), now());
                self.streams.push(source.open(cluster, number));
            }
        }
    }

    /// The next news. Never ends while anything is watched.
    pub(super) async fn next(&mut self) -> Option<(usize, Fed)> {
        self.streams.next().await
    }

    /// Notes how a watch is; false where its news are not for anybody.
    pub(super) fn note(&mut self, number: usize, fed: &Fed) -> bool {
        let Some(source) = self.sources.get_mut(number).filter(|source| !matches!(source.how, How::Left)) else {
            return false;
        };
        match fed.word() {
            Word::Restarted | Word::Known => source.how = How::Known,
            Word::Said => {}
            Word::Unknown(error) if error.may_pass() || source.what.is_needed() => {
                source.how = How::Gap(error.clone(), now());
            }
            Word::Unknown(error) => {
                tracing::debug!(kind = %source.kind.kind, %error, "not watched");
                source.how = How::Left;
            }
        }
        true
    }

    /// A refusal of something that is needed, which lasts.
    pub(super) fn refused(&self, now: Millis) -> Option<&Error> {
        self.sources.iter().find_map(|source| match &source.how {
            How::Gap(error, since) if !error.may_pass() && now >= since.saturating_add(REFUSED) => Some(error),
            _ => None,
        })
    }

    /// When a refusal has lasted.
    pub(super) fn refused_at(&self) -> Option<Millis> {
        let at = |source: &Source| match &source.how {
            How::Gap(error, since) if !error.may_pass() => Some(since.saturating_add(REFUSED)),
            _ => None,
        };
        self.sources.iter().filter_map(at).min()
    }

    /// Why what is needed is not known, if it is not.
    pub(super) fn gap(&self) -> Option<(&Error, Millis)> {
        self.sources.iter().filter(|source| source.what.is_needed()).find_map(|source| match &source.how {
            How::Gap(error, since) => Some((error, *since)),
            How::Waits | How::Known | How::Left => None,
        })
    }

    /// Whether everything that is needed was told, and nothing of it is in a gap.
    pub(super) fn is_known(&self) -> bool {
        self.sources.iter().all(|source| match &source.how {
            How::Known | How::Left => true,
            How::Waits => self.looks_closer && !source.what.is_needed(),
            How::Gap(..) => !source.what.is_needed(),
        })
    }

    pub(super) fn source(&self, number: usize) -> Option<&Source> {
        self.sources.get(number)
    }
}
