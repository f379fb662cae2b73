//! News become what the world knows, each at its time: what was there before our write is old, and proves nothing alone.

use super::feed::Feed;
use super::record::Record;
use super::say::Sayer;
use super::source::{Fed, What, Word};
use crate::Millis;
use crate::cluster::{Cluster, Head, News};
use crate::facts::{Event, Meta, Pod};
use crate::goal::Goal;
use crate::monitor::Happening;
use crate::object::{Key, Obj};
use crate::world::World;
use ansflow_core::verdict::Object;
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, HashSet, VecDeque};

/// From so many pods on events are kept without their words where those say nothing.
const MANY: usize = 500;

/// How many events are kept of which nobody knows yet whose they are.
const STRAY: usize = 500;

pub(super) struct Teller {
    since: Millis,
    /// When our write was, by the cluster's clock; earlier by up to two seconds.
    written: Timestamp,
    keys: HashSet<Key>,
    /// The uids of what belongs to the goal.
    ours: HashSet<String>,
    /// What is there of each watch but of pods, by uid.
    there: HashMap<usize, HashMap<String, Key>>,
    stray: VecDeque<Event>,
    /// The watches that have told their first list.
    listed: HashSet<usize>,
    /// What was told before everything was listed; None afterwards.
    early: Option<Vec<(usize, Fed)>>,
    record: Record,
    /// How many pods are others than before, since this was last asked.
    pub(super) changed: usize,
}

/// What a list or an event is told with.
struct Cx<'a, 'b> {
    number: usize,
    what: What,
    namespace: Option<String>,
    now: Millis,
    /// Whether it is the first list.
    first: bool,
    world: &'a mut World,
    sayer: &'a Sayer<'b>,
}

/// Whether there are so many pods that their events weigh.
fn is_many(world: &World) -> bool {
    world.pods().size_hint().0 > MANY
}

/// An event without what nobody asks of it: that all went well says its reason.
fn lean(mut event: Event) -> Event {
    let went_well = ["Scheduled", "Pulling", "Pulled", "Created", "Started", "SuccessfulCreate"];
    if went_well.contains(&event.reason.as_str()) {
        event.message = String::new();
    }
    if !event.metadata.uid.is_empty() {
        (event.metadata.name, event.metadata.namespace) = (String::new(), String::new());
    }
    event
}

impl Teller {
    pub(super) fn new(cluster: &Cluster, goal: &Goal) -> Teller {
        let ago = super::now().saturating_sub(goal.since).saturating_add(1_000);
        let written = cluster.time().checked_sub(SignedDuration::from_millis(ago)).unwrap_or(Timestamp::MIN);
        Teller {
            since: goal.since,
            written,
            keys: goal.wants.iter().map(|want| want.key.clone()).collect(),
            ours: HashSet::new(),
            there: HashMap::new(),
            stray: VecDeque::new(),
            listed: HashSet::new(),
            early: Some(Vec::new()),
            record: Record::new(goal.since),
            changed: 0,
        }
    }

    pub(super) fn into_record(self) -> Record {
        self.record
    }

    /// Tells news, or keeps them until everything is listed.
    pub(super) fn tell(
        &mut self,
        number: usize,
        fed: Fed,
        now: Millis,
        world: &mut World,
        feed: &Feed,
        sayer: &Sayer<'_>,
    ) {
        match &mut self.early {
            Some(early) => early.push((number, fed)),
            None => self.take(number, fed, now, world, feed, sayer),
        }
    }

    /// Everything is listed: what was kept is told, owners first.
    pub(super) fn begin(&mut self, now: Millis, world: &mut World, feed: &Feed, sayer: &Sayer<'_>) {
        if !feed.is_known() {
            return;
        }
        if let Some(mut early) = self.early.take() {
            early.sort_by_key(|(number, _)| feed.source(*number).map(|source| source.what.rank()));
            for (number, fed) in early {
                self.take(number, fed, now, world, feed, sayer);
            }
        }
    }

    fn take(&mut self, number: usize, fed: Fed, now: Millis, world: &mut World, feed: &Feed, sayer: &Sayer<'_>) {
        let Some(source) = feed.source(number) else { return };
        let first = matches!(fed.word(), Word::Restarted) && self.listed.insert(number);
        let namespace = source.namespace.clone();
        let mut cx = Cx { number, what: source.what, namespace, now, first, world, sayer };
        match fed {
            Fed::Pods(news) => self.pods(news, &mut cx),
            Fed::Sets(news) => self.objects(news, &mut cx),
            Fed::Goal(news) | Fed::Near(news) => self.objects(news, &mut cx),
            Fed::Events(News::Restarted(all)) => all.into_iter().for_each(|event| self.event(event, true, &mut cx)),
            Fed::Events(News::Changed(event)) => self.event(event, false, &mut cx),
            Fed::Claims(News::Restarted(all)) => {
                self.went(&all.iter().map(|claim| claim.metadata.uid.as_str()).collect(), &mut cx);
                all.into_iter().for_each(|claim| self.claim(claim, &mut cx));
            }
            Fed::Claims(News::Changed(claim)) => self.claim(claim, &mut cx),
            Fed::Claims(News::Gone(head, _)) => cx.world.claim_gone(&head.namespace, &head.name),
            Fed::Nodes(News::Restarted(all)) => all.into_iter().for_each(|node| cx.world.see_node(node)),
            Fed::Nodes(News::Changed(node)) => cx.world.see_node(node),
            Fed::Nodes(News::Gone(head, _)) => cx.world.node_gone(&head.name),
            Fed::Events(News::Gone(..) | News::Unknown(_) | News::Known)
            | Fed::Claims(News::Unknown(_) | News::Known)
            | Fed::Nodes(News::Unknown(_) | News::Known) => {}
        }
    }

    /// The time at which something of a list is told.
    fn at(&self, moment: Option<Timestamp>, is_listed: bool, cx: &Cx<'_, '_>) -> Millis {
        let is_old = cx.first && is_listed && moment.is_none_or(|moment| moment < self.written);
        if is_old { self.since.saturating_sub(1) } else { cx.now.max(self.since) }
    }

    fn pods(&mut self, news: News<Pod>, cx: &mut Cx<'_, '_>) {
        match news {
            News::Restarted(all) => {
                let listed: HashSet<&str> = all.iter().map(|pod| pod.metadata.uid.as_str()).collect();
                let is_here = |pod: &&Pod| cx.namespace.as_deref().is_none_or(|space| pod.metadata.namespace == space);
                let there = cx.world.pods().filter(is_here).map(|pod| pod.metadata.uid.clone());
                let gone: Vec<String> = there.filter(|uid| !listed.contains(uid.as_str())).collect();
                gone.iter().for_each(|uid| self.pod_gone(uid, cx));
                all.into_iter().for_each(|pod| self.pod(pod, true, cx));
            }
            News::Changed(pod) => self.pod(pod, false, cx),
            News::Gone(head, last) => {
                if let Some(last) = last {
                    self.pod(last, false, cx);
                }
                self.pod_gone(&head.uid, cx);
            }
            News::Unknown(_) | News::Known => {}
        }
    }

    fn pod(&mut self, pod: Pod, is_listed: bool, cx: &mut Cx<'_, '_>) {
        if !cx.first && is_listed && cx.world.pod(&pod.metadata.uid) != Some(&pod) {
            self.changed += 1;
        }
        let at = self.at(pod.metadata.creation_timestamp, is_listed, cx);
        if self.is_ours(&pod.metadata, "Pod") {
            self.adopt(&pod.metadata.uid, cx);
            self.record.add(at, "MODIFIED", "v1", "Pod", &pod);
        }
        cx.world.see_pod(pod, at);
    }

    fn pod_gone(&mut self, uid: &str, cx: &mut Cx<'_, '_>) {
        if let Some(pod) = cx.world.pod(uid).filter(|pod| self.ours.contains(&pod.metadata.uid)) {
            self.record.add(cx.now, "DELETED", "v1", "Pod", pod);
        }
        self.changed += 1;
        cx.world.pod_gone(uid, cx.now);
    }

    fn is_ours(&self, meta: &Meta, kind: &str) -> bool {
        let named = |kind: &str, name: &str| {
            self.keys.iter().any(|key| {
                key.kind == kind && key.name == name && key.namespace.as_deref() == Some(meta.namespace.as_str())
            })
        };
        let owned = |owner: &crate::facts::Owner| self.ours.contains(&owner.uid) || named(&owner.kind, &owner.name);
        named(kind, &meta.name) || meta.owner_references.iter().any(owned)
    }

    /// Something belongs to the goal: what was said of it before is told now.
    fn adopt(&mut self, uid: &str, cx: &mut Cx<'_, '_>) {
        if !self.ours.insert(uid.to_owned()) {
            return;
        }
        let mut rest = VecDeque::new();
        for event in std::mem::take(&mut self.stray) {
            match event.involved_object.uid == uid {
                true => self.happened(&event, cx.now, cx.sayer),
                false => rest.push_back(event),
            }
        }
        self.stray = rest;
        // Its pods may have come before it.
        let pods: Vec<Pod> = cx.world.pods_of(uid).cloned().collect();
        for pod in pods {
            self.record.add(cx.now, "MODIFIED", "v1", "Pod", &pod);
            self.adopt(&pod.metadata.uid, cx);
        }
    }

    fn objects(&mut self, news: News<Obj>, cx: &mut Cx<'_, '_>) {
        match news {
            News::Restarted(all) => {
                self.went(&all.iter().map(Obj::uid).collect(), cx);
                all.into_iter().for_each(|object| self.object(object, true, cx));
            }
            News::Changed(object) => self.object(object, false, cx),
            News::Gone(head, last) => {
                if let Some(last) = last {
                    self.object(last, false, cx);
                }
                self.gone(&head, cx);
            }
            News::Unknown(_) | News::Known => {}
        }
    }

    fn object(&mut self, mut object: Obj, is_listed: bool, cx: &mut Cx<'_, '_>) {
        let meta: Option<Meta> = object.at(&["metadata"]).and_then(|meta| serde::Deserialize::deserialize(meta).ok());
        let Some(meta) = meta else { return };
        let key = object.key();
        let is_wanted = match cx.what {
            What::Goal => self.keys.contains(&key),
            What::Sets => self.is_ours(&meta, "ReplicaSet"),
            // The goal's own are known whole, by their own watch.
            _ => !self.keys.contains(&key),
        };
        if !is_wanted {
            return;
        }
        let at = self.at(meta.creation_timestamp, is_listed, cx);
        self.there.entry(cx.number).or_default().insert(meta.uid.clone(), key);
        // Nobody judges by who wrote which field, and it is half of an object.
        if let Some(serde_json::Value::Object(meta)) = object.map_mut().get_mut("metadata") {
            meta.remove("managedFields");
        }
        if matches!(cx.what, What::Goal | What::Sets) {
            self.record.object(at, "MODIFIED", &object);
        }
        match (cx.what, object.kind()) {
            (What::Sets, _) => match object.read() {
                Ok(set) => cx.world.see_set(set, at),
                Err(error) => tracing::debug!(%error, "a ReplicaSet that cannot be read"),
            },
            (What::Goal, _) => {
                if let Err(error) = cx.world.see(object, at) {
                    tracing::debug!(%error, "an object that cannot be read");
                }
            }
            _ => cx.world.see_whole(object, at),
        }
        if matches!(cx.what, What::Goal | What::Sets) {
            self.adopt(&meta.uid, cx);
        }
    }

    /// What is not listed any more.
    fn went(&mut self, listed: &HashSet<&str>, cx: &mut Cx<'_, '_>) {
        let there = self.there.get(&cx.number).into_iter().flatten();
        let gone: Vec<Head> = there
            .filter(|(uid, _)| !listed.contains(uid.as_str()))
            .map(|(uid, key)| Head {
                namespace: key.namespace.clone().unwrap_or_default(),
                name: key.name.clone(),
                uid: uid.clone(),
            })
            .collect();
        gone.iter().for_each(|head| self.gone(head, cx));
    }

    fn gone(&mut self, head: &Head, cx: &mut Cx<'_, '_>) {
        let Some(key) = self.there.get_mut(&cx.number).and_then(|there| there.remove(&head.uid)) else { return };
        match cx.what {
            What::Sets => cx.world.set_gone(&head.uid),
            What::Claims => cx.world.claim_gone(&head.namespace, &head.name),
            // Another of the same name may be there already.
            _ if cx.world.object(&key).is_some_and(|object| object.uid() == head.uid) => {
                if let Some(object) = cx.world.object(&key).filter(|_| cx.what == What::Goal) {
                    self.record.object(cx.now, "DELETED", object);
                }
                cx.world.whole_gone(&key);
            }
            _ => {}
        }
    }

    fn claim(&mut self, claim: crate::facts::Claim, cx: &mut Cx<'_, '_>) {
        let meta = &claim.metadata;
        let key = Key {
            group: String::new(),
            kind: "PersistentVolumeClaim".to_owned(),
            namespace: Some(meta.namespace.clone()),
            name: meta.name.clone(),
        };
        self.there.entry(cx.number).or_default().insert(meta.uid.clone(), key);
        self.record.add(cx.now, "MODIFIED", "v1", "PersistentVolumeClaim", &claim);
        self.adopt(&claim.metadata.uid, cx);
        cx.world.see_claim(claim);
    }

    fn event(&mut self, event: Event, is_listed: bool, cx: &mut Cx<'_, '_>) {
        let at = self.at(event.at(), is_listed, cx);
        if at >= self.since {
            if self.ours.contains(&event.involved_object.uid) {
                self.happened(&event, at, cx.sayer);
            } else {
                self.stray.push_back(event.clone());
                let surplus = self.stray.len().saturating_sub(STRAY);
                self.stray.drain(..surplus);
            }
        }
        cx.world.see_event(if is_many(cx.world) { lean(event) } else { event }, at);
    }

    fn happened(&mut self, event: &Event, at: Millis, sayer: &Sayer<'_>) {
        self.record.add(at, "MODIFIED", "v1", "Event", event);
        let of = &event.involved_object;
        let namespace = (!of.namespace.is_empty()).then_some(of.namespace.as_str());
        sayer.event(Happening {
            at: event.at().unwrap_or_else(Timestamp::now),
            object: Object::new(&of.kind, namespace, &of.name),
            kind: event.r#type.clone(),
            reason: event.reason.clone(),
            text: crate::text::short(&event.message, 600),
            times: event.times(),
        });
    }
}
