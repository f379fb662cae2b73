//! What is there of what is meant to be deleted.

use crate::again::again;
use crate::cluster::Cluster;
use crate::kind::Kind;
use crate::object::{Key, Obj};
use crate::objects::{Group, Which};
use crate::sink::Sink;
use ansflow_core::verdict::{Object, Verdict};

/// An object that is to go.
#[derive(Clone)]
pub(super) struct Doomed {
    pub(super) kind: Kind,
    pub(super) key: Key,
    pub(super) uid: String,
}

/// What is there, and what is not.
pub(super) async fn look(
    cluster: &Cluster,
    groups: &[Group],
    sink: &dyn Sink,
) -> Result<(Vec<Doomed>, Vec<Object>), Box<Verdict>> {
    let (mut doomed, mut missing) = (Vec::new(), Vec::new());
    for group in groups {
        match &group.which {
            Which::Labels(_) => {
                let (namespace, selector) = (group.namespace.as_deref(), group.selector());
                let found = again(cluster, sink, || cluster.all::<Obj>(&group.kind, namespace, &selector)).await;
                let found = found.map_err(|error| Box::new(error.verdict(None)))?;
                doomed.extend(found.iter().map(|object| one(group, object)));
                if found.is_empty() {
                    sink.line(&format!("there are no {}", group.words()));
                }
            }
            Which::Names(names) => {
                for name in names.iter().rev() {
                    let key = group.key(name);
                    let namespace = group.namespace.as_deref();
                    let found = again(cluster, sink, || cluster.get_as::<Obj>(&group.kind, namespace, name)).await;
                    match found.map_err(|error| Box::new(error.verdict(Some(key.object()))))? {
                        Some(object) => doomed.push(one(group, &object)),
                        None => missing.push(key.object()),
                    }
                }
            }
        }
    }
    Ok((doomed, missing))
}

fn one(group: &Group, object: &Obj) -> Doomed {
    Doomed { kind: group.kind.clone(), key: group.key(object.name()), uid: object.uid().to_owned() }
}
