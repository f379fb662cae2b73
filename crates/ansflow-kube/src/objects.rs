//! Which objects a step means: by kind and names, by kind and labels, or those of manifests.

use crate::again::again;
use crate::cluster::{Cluster, Selector};
use crate::error::Error;
use crate::kind::Kind;
use crate::object::{Key, Obj};
use crate::sink::Sink;

/// Which objects.
#[derive(Clone)]
pub enum What {
    /// Of one kind, by name.
    Named {
        /// A word of people: `deploy`.
        kind: String,
        /// Their names.
        names: Vec<String>,
    },
    /// Of one kind, by labels.
    Selected {
        /// A word of people.
        kind: String,
        /// A label selector.
        selector: String,
    },
    /// Those that manifests name; of what is in them nothing else counts.
    Objects(Vec<Obj>),
}

/// What is looked at together: objects of one kind in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) kind: Kind,
    /// None for kinds of the whole cluster.
    pub(crate) namespace: Option<String>,
    pub(crate) which: Which,
}

/// Which of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Which {
    Names(Vec<String>),
    Labels(String),
}

/// The groups that are meant, in the order in which they were named.
pub(crate) async fn groups(
    cluster: &Cluster,
    namespace: &str,
    what: &What,
    sink: &dyn Sink,
) -> Result<Vec<Group>, Error> {
    let group = |kind: Kind, which| {
        let namespace = kind.namespaced.then(|| namespace.to_owned());
        Group { kind, namespace, which }
    };
    match what {
        What::Named { kind, names } => {
            let kind = again(cluster, sink, || cluster.kind(kind)).await?;
            Ok(vec![group(kind, Which::Names(names.clone()))])
        }
        What::Selected { kind, selector } => {
            let kind = again(cluster, sink, || cluster.kind(kind)).await?;
            Ok(vec![group(kind, Which::Labels(selector.clone()))])
        }
        What::Objects(objects) => {
            let mut groups: Vec<Group> = Vec::new();
            for object in objects {
                let version = object.api_version().rsplit('/').next();
                let kind = again(cluster, sink, || cluster.kind_of(object.group(), version, object.kind())).await?;
                let own = object.namespace().unwrap_or(namespace);
                let namespace = kind.namespaced.then(|| own.to_owned());
                let same = groups.iter_mut().find(|known| known.kind == kind && known.namespace == namespace);
                match same.map(|known| &mut known.which) {
                    Some(Which::Names(names)) => names.push(object.name().to_owned()),
                    Some(Which::Labels(_)) | None => {
                        groups.push(Group { kind, namespace, which: Which::Names(vec![object.name().to_owned()]) });
                    }
                }
            }
            Ok(groups)
        }
    }
}

impl Group {
    /// What a watch of it asks for.
    pub(crate) fn selector(&self) -> Selector {
        match &self.which {
            Which::Labels(labels) => Selector::labels(labels),
            Which::Names(names) => match names.as_slice() {
                [name] => Selector::name(name),
                // There is no way to ask for several names.
                _ => Selector::all(),
            },
        }
    }

    /// Whether an object of its kind and place is meant.
    pub(crate) fn means(&self, name: &str) -> bool {
        match &self.which {
            Which::Labels(_) => true,
            Which::Names(names) => names.iter().any(|known| known == name),
        }
    }

    pub(crate) fn key(&self, name: &str) -> Key {
        self.kind.key(self.namespace.as_deref(), name)
    }

    /// In words: `Pod/web-1`, `pods with app=web`.
    pub(crate) fn words(&self) -> String {
        match &self.which {
            Which::Labels(labels) => format!("{} with {labels}", self.kind.plural),
            Which::Names(names) => {
                let names: Vec<String> = names.iter().map(|name| self.key(name).object().to_string()).collect();
                names.join(", ")
            }
        }
    }
}
