//! The waiting until deleted objects are gone, and who holds those that are not.

use super::doomed::Doomed;
use super::ended;
use crate::cluster::{Cluster, News, Selector};
use crate::object::Obj;
use crate::sink::{Sink, Stop};
use crate::text::short;
use ansflow_core::verdict::{Cause, Evidence, EvidenceFrom, Object, Verdict, Waiting};
use futures_util::StreamExt as _;
use futures_util::stream::{BoxStream, SelectAll};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::time::Instant;

/// A namespace of which nothing goes any more for so long will not go by itself.
const STUCK: Duration = Duration::from_secs(30);

/// What is still there, by uid.
type Left = BTreeMap<String, (Doomed, Option<Obj>)>;

/// Waits; gives remarks, or the verdict that ends it early.
pub(super) async fn wait(
    cluster: &Cluster,
    doomed: &[Doomed],
    sink: &dyn Sink,
    mut stop: impl Future<Output = Stop> + Unpin,
) -> Result<Vec<String>, Box<Verdict>> {
    let mut left: Left = doomed.iter().map(|one| (one.uid.clone(), (one.clone(), None))).collect();
    let places: BTreeSet<_> = doomed.iter().map(|one| (one.kind.full_name(), one.key.namespace.clone())).collect();
    let places: Vec<(String, Option<String>)> = places.into_iter().collect();
    let mut news: SelectAll<BoxStream<'static, (usize, News<Obj>)>> = SelectAll::new();
    for (place, (kind, namespace)) in places.iter().enumerate() {
        let of_place: Vec<&Doomed> = doomed.iter().filter(|one| is_of(one, kind, namespace.as_ref())).collect();
        let Some(first) = of_place.first() else { continue };
        let selector = if of_place.len() == 1 { Selector::name(&first.key.name) } else { Selector::all() };
        let watch = cluster.watch::<Obj>(&first.kind, namespace.as_deref(), &selector);
        news.push(watch.map(move |news| (place, news)).boxed());
    }
    let (mut moved, mut remarks) = (Instant::now(), BTreeSet::new());
    let mut last = BTreeMap::new();
    while !left.is_empty() {
        let told = tokio::select! {
            told = news.next() => told,
            stop = &mut stop => return Err(Box::new(ended(stop, &held(&left)))),
            () = tokio::time::sleep_until(moved + STUCK), if stuck_namespace(&left).is_some() => {
                match stuck_namespace(&left) {
                    Some(namespace) => return Err(Box::new(terminating(namespace))),
                    None => continue,
                }
            }
        };
        let Some((place, news)) = told else { break };
        match news {
            News::Restarted(all) => {
                if let Some((kind, namespace)) = places.get(place) {
                    let there: BTreeSet<&str> = all.iter().map(Obj::uid).collect();
                    left.retain(|uid, (one, _)| !is_of(one, kind, namespace.as_ref()) || there.contains(uid.as_str()));
                }
                all.into_iter().for_each(|object| see(&mut left, object, &mut remarks));
            }
            News::Changed(object) => see(&mut left, object, &mut remarks),
            News::Gone(head, _) => drop(left.remove(&head.uid)),
            News::Unknown(error) if !error.may_pass() => return Err(Box::new(error.verdict(None))),
            News::Unknown(error) => sink.line(&format!("{error}; it is asked again")),
            News::Known => sink.line(&format!("{} answers again", cluster.host())),
        }
        let now: BTreeMap<String, String> = left
            .iter()
            .map(|(uid, (_, object))| (uid.clone(), object.as_ref().map_or_else(String::new, why)))
            .collect();
        if now != last {
            (moved, last) = (Instant::now(), now);
            tell(&left, sink);
        }
    }
    Ok(remarks.into_iter().collect())
}

fn is_of(one: &Doomed, kind: &str, namespace: Option<&String>) -> bool {
    one.kind.full_name() == kind && one.key.namespace.as_ref() == namespace
}

fn see(left: &mut Left, object: Obj, remarks: &mut BTreeSet<String>) {
    let uid = object.uid().to_owned();
    let is_anew = |one: &Doomed| one.key.name == object.name() && one.uid != uid && one.key.kind == object.kind();
    // Whoever owns it makes it again: the one that was meant is gone all the same.
    if left.values().any(|(one, _)| is_anew(one) && one.key.namespace.as_deref() == object.namespace()) {
        remarks.insert(format!("{} was made anew", object.object()));
        left.retain(|_, (one, _)| !is_anew(one));
    }
    if let Some((_, seen)) = left.get_mut(&uid) {
        *seen = Some(object);
    }
}

fn held(left: &Left) -> Vec<(Object, String)> {
    let why = |object: &Option<Obj>| object.as_ref().map_or_else(|| "is there".to_owned(), why);
    left.values().map(|(one, object)| (one.key.object(), why(object))).collect()
}

fn tell(left: &Left, sink: &dyn Sink) {
    let held = held(left);
    let Some((first, why)) = held.first() else { return };
    let more = if held.len() > 1 { format!(" (and {} more)", held.len() - 1) } else { String::new() };
    let words = short(&format!("{first} {why}{more}"), 300);
    sink.waiting(&Waiting { r#for: words, objects: held.into_iter().map(|(object, _)| object).collect() });
}

/// What keeps an object, in words that follow its name.
fn why(object: &Obj) -> String {
    let finalizers =
        object.at(&["metadata", "finalizers"]).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let names: Vec<&str> = finalizers.iter().filter_map(Json::as_str).collect();
    let asked = object.at(&["metadata", "deletionTimestamp"]).is_some_and(|at| !at.is_null());
    match names.as_slice() {
        _ if object.kind() == "Namespace" && asked => namespace_says(object),
        [] if asked && object.kind() == "Pod" => "is ending".to_owned(),
        [] if asked => "is being deleted".to_owned(),
        [] => "is not being deleted yet".to_owned(),
        ["foregroundDeletion"] => "waits until what it owns is gone".to_owned(),
        ["orphan"] => "lets go of what it owns".to_owned(),
        [one] => format!("is held by the finalizer {one}"),
        many => format!("is held by the finalizers {}", many.join(", ")),
    }
}

/// The conditions that say what is left in a namespace.
fn namespace_says(object: &Obj) -> String {
    let conditions =
        object.at(&["status", "conditions"]).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let is_bad = |condition: &&Json| condition.get("status").and_then(Json::as_str) == Some("True");
    let say = |condition: &Json| condition.get("message").and_then(Json::as_str).map(str::to_owned);
    let said: Vec<String> = conditions.iter().filter(is_bad).filter_map(say).collect();
    if said.is_empty() { "is terminating".to_owned() } else { format!("is terminating: {}", said.join("; ")) }
}

/// A namespace that says what is left in it, and that it cannot get rid of it.
fn stuck_namespace(left: &Left) -> Option<&Obj> {
    let remaining =
        ["NamespaceFinalizersRemaining", "NamespaceDeletionContentFailure", "NamespaceDeletionDiscoveryFailure"];
    let is_stuck = |object: &&Obj| {
        let conditions = object.at(&["status", "conditions"]).and_then(Json::as_array).into_iter().flatten();
        let mut conditions =
            conditions.filter(|condition| condition.get("status").and_then(Json::as_str) == Some("True"));
        let is_of = |word: &str| remaining.contains(&word);
        conditions.any(|condition| condition.get("type").and_then(Json::as_str).is_some_and(is_of))
    };
    left.values().filter_map(|(_, object)| object.as_ref()).filter(|it| it.kind() == "Namespace").find(is_stuck)
}

fn terminating(namespace: &Obj) -> Verdict {
    let object = namespace.object();
    let says = namespace_says(namespace);
    let summary = short(&format!("{object} {says}; nothing moved for {} s", STUCK.as_secs()), 300);
    let mut verdict = Verdict::failed(Cause::NamespaceTerminating, Some(object.clone()), summary);
    verdict.evidence.push(Evidence {
        from: EvidenceFrom::Condition,
        object,
        text: short(&says, 600),
        at: None,
        times: 1,
    });
    verdict.advice = crate::explain::advice_of(&Cause::NamespaceTerminating);
    verdict
}
