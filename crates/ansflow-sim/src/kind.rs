//! What a resource of the API is: its names, its verbs, its schema.

use std::sync::Arc;

use crate::crd::Custom;
use crate::object::Str;
use crate::schema::TypeId;

/// What an object is stored as. Several resources may share one: HPA v1 and v2, events of the core and of `events.k8s.io`.
#[derive(Debug, Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct KindId(pub(crate) u16);

/// A resource in one version of its group, as discovery tells it.
#[derive(Debug)]
pub(crate) struct Kind {
    pub(crate) id: KindId,
    /// "" for the core.
    pub(crate) group: Str,
    pub(crate) version: Str,
    pub(crate) kind: Str,
    pub(crate) plural: Str,
    pub(crate) singular: Str,
    pub(crate) short: Vec<Str>,
    pub(crate) categories: Vec<Str>,
    pub(crate) namespaced: bool,
    pub(crate) verbs: Vec<Str>,
    pub(crate) subresources: Vec<Sub>,
    pub(crate) ty: TypeId,
    /// Whether objects are stored in this version; others are converted (`rules::convert`).
    pub(crate) stored: bool,
    /// Where it came from.
    pub(crate) origin: Origin,
    /// What its definition asks of objects, where it has one.
    pub(crate) custom: Option<Arc<Custom>>,
}

/// Where a kind came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    BuiltIn,
    /// A CustomResourceDefinition of this name. List items then keep kind and apiVersion, and there is no strategic patch.
    Custom(Str),
}

/// A subresource: `deployments/scale`.
#[derive(Debug, Clone)]
pub(crate) struct Sub {
    pub(crate) name: Str,
    /// The kind that goes in and out: `Scale`.
    pub(crate) kind: Str,
    /// Its group and version, where they are not those of the resource.
    pub(crate) group: Str,
    pub(crate) version: Str,
    pub(crate) verbs: Vec<Str>,
}

impl Kind {
    /// `v1`, `apps/v1`.
    pub(crate) fn api_version(&self) -> String {
        match &*self.group {
            "" => self.version.to_string(),
            group => format!("{group}/{}", self.version),
        }
    }

    /// As messages name the resource: `configmaps`, `deployments.apps`.
    pub(crate) fn resource(&self) -> String {
        match &*self.group {
            "" => self.plural.to_string(),
            group => format!("{}.{group}", self.plural),
        }
    }

    /// As `Invalid` names the kind: `ConfigMap`, `Deployment.apps`.
    pub(crate) fn qualified(&self) -> String {
        match &*self.group {
            "" => self.kind.to_string(),
            group => format!("{}.{group}", self.kind),
        }
    }

    pub(crate) fn is(&self, group: &str, kind: &str) -> bool {
        &*self.group == group && &*self.kind == kind
    }

    pub(crate) fn is_custom(&self) -> bool {
        self.origin != Origin::BuiltIn
    }

    pub(crate) fn can(&self, verb: &str) -> bool {
        self.verbs.iter().any(|known| &**known == verb)
    }

    pub(crate) fn sub(&self, name: &str) -> Option<&Sub> {
        self.subresources.iter().find(|sub| &*sub.name == name)
    }
}
