//! The kinds that the cluster serves: the built-in ones of `data/kinds.json.gz`, and those that people define.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use serde_json::Value;

use crate::data;
use crate::kind::{Kind, KindId, Origin, Sub};
use crate::object::Str;
use crate::schema;

/// Resources that are served but not stored as their own: the same objects in another version.
const OTHER_VERSIONS: &[(&str, &str, &str)] =
    &[("autoscaling", "v1", "horizontalpodautoscalers"), ("events.k8s.io", "v1", "events")];

/// What is served now.
pub(crate) struct Kinds {
    served: RwLock<Arc<Served>>,
}

/// One state of what is served. Discovery is made of it, and is remembered with it.
#[derive(Debug)]
pub(crate) struct Served {
    /// Grows with every change.
    pub(crate) edition: u64,
    /// In the order of discovery.
    pub(crate) all: Vec<Arc<Kind>>,
    by_path: HashMap<String, usize>,
    next_id: u16,
}

impl Kinds {
    pub(crate) fn new() -> Kinds {
        Kinds { served: RwLock::new(Arc::new(Served::of(1, built_in().to_vec()))) }
    }

    pub(crate) fn served(&self) -> Arc<Served> {
        self.served.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The resource at `/apis/GROUP/VERSION/PLURAL`.
    pub(crate) fn find(&self, group: &str, version: &str, plural: &str) -> Option<Arc<Kind>> {
        let served = self.served();
        served.by_path.get(&path(group, version, plural)).map(|at| served.all[*at].clone())
    }

    /// The kind as it is stored.
    pub(crate) fn named(&self, group: &str, kind: &str) -> Option<Arc<Kind>> {
        self.served().all.iter().find(|known| known.stored && known.is(group, kind)).cloned()
    }

    /// The kind of an `apiVersion` and `kind`, in that version.
    pub(crate) fn of(&self, api_version: &str, kind: &str) -> Option<Arc<Kind>> {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        let known = |known: &&Arc<Kind>| known.is(group, kind) && &*known.version == version;
        self.served().all.iter().find(known).cloned()
    }

    /// The kind that objects of this identity are stored as; also of definitions that are gone.
    pub(crate) fn stored(&self, id: KindId) -> Option<Arc<Kind>> {
        self.served().all.iter().find(|known| known.id == id && known.stored).cloned()
    }

    /// Serves a definition's versions in the place of what it served before; they share one identity, which is kept.
    pub(crate) fn define(&self, definition: &str, make: impl FnOnce(KindId) -> Vec<Kind>) {
        let mut served = self.served.write().unwrap_or_else(PoisonError::into_inner);
        let is_its = |kind: &Arc<Kind>| kind.origin == Origin::Custom(definition.into());
        let known = served.all.iter().find(|kind| is_its(kind)).map(|kind| kind.id);
        let id = known.unwrap_or(KindId(served.next_id));
        let mut all: Vec<Arc<Kind>> = served.all.iter().filter(|kind| !is_its(kind)).cloned().collect();
        all.extend(make(id).into_iter().map(Arc::new));
        let next_id = served.next_id.max(id.0 + 1);
        *served = Arc::new(Served { next_id, ..Served::of(served.edition + 1, all) });
    }

    /// Serves a definition no more.
    pub(crate) fn undefine(&self, definition: &str) {
        self.define(definition, |_| Vec::new());
    }
}

impl Served {
    fn of(edition: u64, all: Vec<Arc<Kind>>) -> Served {
        let by_path =
            all.iter().enumerate().map(|(at, kind)| (path(&kind.group, &kind.version, &kind.plural), at)).collect();
        let next_id = all.iter().map(|kind| kind.id.0 + 1).max().unwrap_or_default();
        Served { edition, all, by_path, next_id }
    }

    /// Groups in the order of discovery, each once; the core, "", is first.
    pub(crate) fn groups(&self) -> Vec<&str> {
        let mut groups: Vec<&str> = Vec::new();
        for kind in &self.all {
            if !groups.contains(&&*kind.group) {
                groups.push(&kind.group);
            }
        }
        groups
    }

    /// The versions of a group, preferred first.
    pub(crate) fn versions(&self, group: &str) -> Vec<&str> {
        let mut versions: Vec<&str> = Vec::new();
        for kind in self.all.iter().filter(|kind| &*kind.group == group) {
            if !versions.contains(&&*kind.version) {
                versions.push(&kind.version);
            }
        }
        versions
    }

    /// The resources of a group in a version.
    pub(crate) fn resources(&self, group: &str, version: &str) -> impl Iterator<Item = &Arc<Kind>> {
        self.all.iter().filter(move |kind| &*kind.group == group && &*kind.version == version)
    }
}

/// The identity of a built-in kind, which is the same in every cluster.
///
/// # Panics
///
/// Where there is no such kind: the name is the program's own.
pub(crate) fn id(group: &str, kind: &str) -> KindId {
    let known = built_in().iter().find(|known| known.is(group, kind));
    known.expect("a built-in kind is asked for by its name").id
}

fn built_in() -> &'static [Arc<Kind>] {
    static BUILT_IN: OnceLock<Vec<Arc<Kind>>> = OnceLock::new();
    BUILT_IN.get_or_init(|| {
        let told = data::kinds();
        let told: &[Value] = told.as_array().map(Vec::as_slice).unwrap_or_default();
        let mut kinds: Vec<Kind> = Vec::new();
        for (resource, id) in told.iter().zip(0..) {
            kinds.push(read(resource, KindId(id)));
        }
        let stored: HashMap<Str, KindId> =
            kinds.iter().filter(|kind| kind.stored).map(|kind| (kind.plural.clone(), kind.id)).collect();
        for kind in kinds.iter_mut().filter(|kind| !kind.stored) {
            kind.id = stored[&kind.plural];
        }
        kinds.into_iter().map(Arc::new).collect()
    })
}

fn read(resource: &Value, id: KindId) -> Kind {
    let text = |field: &str| Str::from(resource[field].as_str().unwrap_or_default());
    let (group, version, plural) = (text("group"), text("version"), text("plural"));
    let ty = schema::named(&text("schema")).expect("every built-in kind has a schema");
    Kind {
        id,
        kind: text("kind"),
        singular: text("singular"),
        short: texts(&resource["short"]),
        categories: texts(&resource["categories"]),
        namespaced: resource["namespaced"] == true,
        verbs: texts(&resource["verbs"]),
        subresources: resource["subresources"].as_array().into_iter().flatten().map(sub).collect(),
        ty,
        stored: !OTHER_VERSIONS.contains(&(&*group, &*version, &*plural)),
        origin: Origin::BuiltIn,
        custom: None,
        group,
        version,
        plural,
    }
}

fn sub(told: &Value) -> Sub {
    let text = |field: &str| Str::from(told[field].as_str().unwrap_or_default());
    Sub {
        name: text("name"),
        kind: text("kind"),
        group: text("group"),
        version: text("version"),
        verbs: texts(&told["verbs"]),
    }
}

fn texts(value: &Value) -> Vec<Str> {
    value.as_array().into_iter().flatten().filter_map(|item| item.as_str().map(Str::from)).collect()
}

fn path(group: &str, version: &str, plural: &str) -> String {
    format!("{group}/{version}/{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_found_by_its_path_and_by_its_kind() {
        let kinds = Kinds::new();
        assert_eq!(kinds.find("apps", "v1", "deployments").unwrap().resource(), "deployments.apps");
        assert_eq!(kinds.of("v1", "Pod").unwrap().id, id("", "Pod"));
        assert!(kinds.find("apps", "v1", "deploymentz").is_none());
    }

    #[test]
    fn versions_of_one_kind_share_their_identity() {
        let kinds = Kinds::new();
        let old = kinds.find("autoscaling", "v1", "horizontalpodautoscalers").unwrap();
        let new = kinds.find("autoscaling", "v2", "horizontalpodautoscalers").unwrap();
        assert_eq!(old.id, new.id);
        assert!(new.stored && !old.stored);
        assert_eq!(kinds.find("events.k8s.io", "v1", "events").unwrap().id, id("", "Event"));
    }

    #[test]
    fn a_definition_keeps_its_identity_when_it_changes() {
        let kinds = Kinds::new();
        let make = |id| {
            let mut kind = read(&data::kinds()[2], id);
            kind.group = "example.com".into();
            kind.origin = Origin::Custom("widgets.example.com".into());
            vec![kind]
        };
        kinds.define("widgets.example.com", make);
        let first = kinds.find("example.com", "v1", "configmaps").unwrap().id;
        kinds.define("widgets.example.com", make);
        assert_eq!(kinds.find("example.com", "v1", "configmaps").unwrap().id, first);
        kinds.undefine("widgets.example.com");
        assert!(kinds.find("example.com", "v1", "configmaps").is_none());
    }
}
