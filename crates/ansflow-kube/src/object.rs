//! An object of a cluster as it was read, whatever its kind.
//!
//! Nothing is lost: fields that we do not know are kept. An object may be a Secret, so that it has neither `Debug` nor
//! `Display`; what is shown of one is chosen by who shows it.

mod covers;
mod quantity;
mod read;
mod shape;
#[cfg(test)]
mod tests;

pub use covers::covers;
pub use read::{ReadError, read_all};
pub(crate) use shape::shape;

use ansflow_core::verdict::Object;
use serde::Deserialize;
use serde_json::{Map, Value as Json};

/// What names an object in a cluster. The version is left out: the same object has several.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// `apps`; empty for the core's own kinds.
    pub group: String,
    /// `Deployment`.
    pub kind: String,
    /// None for what belongs to the whole cluster.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
}

/// An object: a JSON map with `apiVersion`, `kind` and `metadata`.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Obj(Map<String, Json>);

impl From<Map<String, Json>> for Obj {
    fn from(map: Map<String, Json>) -> Obj {
        Obj(map)
    }
}

impl Key {
    /// As people are told of it.
    #[must_use]
    pub fn object(&self) -> Object {
        Object::new(&self.kind, self.namespace.as_deref(), &self.name)
    }
}

impl Obj {
    /// The object that a value is, if it is a map.
    #[must_use]
    pub fn new(value: Json) -> Option<Obj> {
        match value {
            Json::Object(map) => Some(Obj(map)),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => None,
        }
    }

    /// Says a field where it is not said: items of lists do not repeat what they are.
    pub(crate) fn fill(&mut self, field: &str, value: &str) {
        self.0.entry(field).or_insert_with(|| value.into());
    }

    /// The whole of it, to be changed.
    pub fn map_mut(&mut self) -> &mut Map<String, Json> {
        &mut self.0
    }

    /// The whole of it, for good.
    #[must_use]
    pub fn into_json(self) -> Json {
        Json::Object(self.0)
    }

    /// The whole of it.
    #[must_use]
    pub fn map(&self) -> &Map<String, Json> {
        &self.0
    }

    /// What stands at a path of keys.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Json> {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(self.0.get(*first)?, |value, key| value.get(key))
    }

    /// The text at a path.
    #[must_use]
    pub fn text(&self, path: &[&str]) -> Option<&str> {
        self.at(path)?.as_str()
    }

    /// The whole number at a path.
    #[must_use]
    pub fn int(&self, path: &[&str]) -> Option<i64> {
        self.at(path)?.as_i64()
    }

    /// As a slim type; an error says which field is not what it should be.
    pub fn read<'de, T: Deserialize<'de>>(&'de self) -> Result<T, serde_json::Error> {
        T::deserialize(&self.0)
    }

    /// `apps/v1`.
    #[must_use]
    pub fn api_version(&self) -> &str {
        self.text(&["apiVersion"]).unwrap_or_default()
    }

    /// `apps`; empty for the core's own kinds.
    #[must_use]
    pub fn group(&self) -> &str {
        self.api_version().split_once('/').map_or("", |(group, _)| group)
    }

    /// `Deployment`.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.text(&["kind"]).unwrap_or_default()
    }

    /// Its namespace, if it says one.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        self.text(&["metadata", "namespace"]).filter(|name| !name.is_empty())
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.text(&["metadata", "name"]).unwrap_or_default()
    }

    /// What tells it from another of the same name, before and after.
    #[must_use]
    pub fn uid(&self) -> &str {
        self.text(&["metadata", "uid"]).unwrap_or_default()
    }

    /// How often its wish was changed; 0 for kinds that do not count.
    #[must_use]
    pub fn generation(&self) -> i64 {
        self.int(&["metadata", "generation"]).unwrap_or_default()
    }

    /// Its name in the cluster.
    #[must_use]
    pub fn key(&self) -> Key {
        Key {
            group: self.group().to_owned(),
            kind: self.kind().to_owned(),
            namespace: self.namespace().map(str::to_owned),
            name: self.name().to_owned(),
        }
    }

    /// As people are told of it.
    #[must_use]
    pub fn object(&self) -> Object {
        Object::new(self.kind(), self.namespace(), self.name())
    }
}
