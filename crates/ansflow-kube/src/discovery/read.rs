//! The aggregated discovery document: `APIGroupDiscoveryList`.

use crate::facts::or_default;
use crate::kind::Kind;
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct GroupList {
    pub(crate) kind: String,
    #[serde(deserialize_with = "or_default")]
    pub(crate) items: Vec<Group>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Group {
    metadata: Name,
    #[serde(deserialize_with = "or_default")]
    versions: Vec<Version>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Name {
    #[serde(deserialize_with = "or_default")]
    name: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Version {
    version: String,
    #[serde(deserialize_with = "or_default")]
    resources: Vec<Resource>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Resource {
    resource: String,
    #[serde(deserialize_with = "or_default")]
    response_kind: ResponseKind,
    scope: String,
    #[serde(deserialize_with = "or_default")]
    singular_resource: String,
    #[serde(deserialize_with = "or_default")]
    verbs: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    short_names: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    subresources: Vec<Part>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ResponseKind {
    kind: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Part {
    subresource: String,
}

impl Group {
    /// The versions come with the preferred one first.
    pub(super) fn kinds(&self) -> impl Iterator<Item = Kind> + '_ {
        self.versions.iter().flat_map(move |version| {
            version.resources.iter().filter(|resource| !resource.response_kind.kind.is_empty()).map(move |resource| {
                Kind {
                    group: self.metadata.name.clone(),
                    version: version.version.clone(),
                    kind: resource.response_kind.kind.clone(),
                    plural: resource.resource.clone(),
                    singular: resource.singular_resource.clone(),
                    short_names: resource.short_names.clone(),
                    namespaced: resource.scope == "Namespaced",
                    verbs: resource.verbs.clone(),
                    subresources: resource.subresources.iter().map(|part| part.subresource.clone()).collect(),
                }
            })
        })
    }
}
