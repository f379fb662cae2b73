//! One object with what belongs to it: what happened to it, what it owns, where it listens.

mod parts;
mod tree;

pub use parts::{Port, containers, ports};
pub use tree::Branch;

use super::fault::Fault;
use crate::cluster::{Cluster, Page, Selector};
use crate::error::Error;
use crate::facts::Event;
use crate::judge::{Readiness, judge};
use crate::kind::Kind;
use crate::object::Obj;
use crate::text::short;
use ansflow_core::verdict::Object;
use jiff::Timestamp;
use std::collections::HashSet;

/// How many events are looked through for those of what an object owns.
const EVENTS: u32 = 500;
/// How many are shown.
const SHOWN: usize = 100;

/// An object, and what was found with it.
pub struct Detail {
    /// The object itself; [`super::yaml`] shows it.
    pub object: Obj,
    /// What the judge says.
    pub readiness: Readiness,
    /// What happened to it and to what it owns, the latest first.
    pub events: Vec<Told>,
    /// What it owns, and what that owns.
    pub tree: Vec<Branch>,
    /// What could not be looked at, and why.
    pub unseen: Vec<String>,
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// When it was told last.
    pub at: Option<Timestamp>,
    /// `Normal` or `Warning`.
    pub kind: String,
    /// A word.
    pub reason: String,
    /// A sentence, on one line.
    pub text: String,
    /// How often.
    pub times: u32,
    /// Of what.
    pub object: Object,
}

/// An object with what belongs to it.
///
/// # Errors
/// There is none, or the cluster does not answer. What belongs to it may be missing; `unseen` says so.
pub async fn detail(cluster: &Cluster, kind: &Kind, namespace: Option<&str>, name: &str) -> Result<Detail, Fault> {
    let key = kind.key(namespace, name);
    let found = cluster.get_as::<Obj>(kind, key.namespace.as_deref(), name).await?;
    let object = found.ok_or_else(|| Fault::NotFound(key.object()))?;
    let (own, tree) = futures_util::join!(own_events(cluster, &object), tree::below(cluster, &object));
    let mut unseen = Vec::new();
    let mut events = seen(own, "events", &mut unseen);
    let tree = seen(tree, "what it owns", &mut unseen);
    let uids: HashSet<&str> = tree.iter().flat_map(Branch::uids).collect();
    if !uids.is_empty() {
        let others = seen(namespace_events(cluster, object.namespace()).await, "events of what it owns", &mut unseen);
        events.extend(others.into_iter().filter(|event| uids.contains(event.involved_object.uid.as_str())));
    }
    let mut events: Vec<Told> = events.iter().map(Told::of).collect();
    events.sort_by_key(|event| std::cmp::Reverse(event.at));
    events.truncate(SHOWN);
    Ok(Detail { readiness: judge(&object), object, events, tree, unseen })
}

/// What happened to one object, the latest first.
///
/// # Errors
/// The cluster does not answer or refuses.
pub async fn events(cluster: &Cluster, object: &Obj) -> Result<Vec<Told>, Error> {
    let mut events: Vec<Told> = own_events(cluster, object).await?.iter().map(Told::of).collect();
    events.sort_by_key(|event| std::cmp::Reverse(event.at));
    Ok(events)
}

/// What warns in a cluster, or in one of its namespaces, the latest first.
///
/// # Errors
/// The cluster does not answer or refuses.
pub async fn warnings(cluster: &Cluster, namespace: Option<&str>) -> Result<Vec<Told>, Error> {
    let selector = Selector { fields: "type=Warning".to_owned(), ..Selector::default() };
    let mut events: Vec<Told> = listed(cluster, namespace, &selector).await?.iter().map(Told::of).collect();
    events.sort_by_key(|event| std::cmp::Reverse(event.at));
    Ok(events)
}

async fn own_events(cluster: &Cluster, object: &Obj) -> Result<Vec<Event>, Error> {
    let selector = Selector { fields: format!("involvedObject.uid={}", object.uid()), ..Selector::default() };
    listed(cluster, object.namespace(), &selector).await
}

async fn namespace_events(cluster: &Cluster, namespace: Option<&str>) -> Result<Vec<Event>, Error> {
    listed(cluster, namespace, &Selector::all()).await
}

async fn listed(cluster: &Cluster, namespace: Option<&str>, selector: &Selector) -> Result<Vec<Event>, Error> {
    let kind = cluster.kind_of("", None, "Event").await?;
    Ok(cluster.list::<Event>(&kind, namespace, selector, &Page::first(EVENTS)).await?.items)
}

/// What could be seen; what could not is noted.
fn seen<T>(found: Result<Vec<T>, Error>, what: &str, unseen: &mut Vec<String>) -> Vec<T> {
    found.unwrap_or_else(|error| {
        unseen.push(format!("{what} cannot be shown: {error}"));
        Vec::new()
    })
}

impl Told {
    fn of(event: &Event) -> Told {
        let involved = &event.involved_object;
        let namespace = Some(involved.namespace.as_str()).filter(|namespace| !namespace.is_empty());
        Told {
            at: event.at(),
            kind: event.r#type.clone(),
            reason: event.reason.clone(),
            text: short(&event.message, 1_000),
            times: event.times(),
            object: Object::new(&involved.kind, namespace, &involved.name),
        }
    }
}
