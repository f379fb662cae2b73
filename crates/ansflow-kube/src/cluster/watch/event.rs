//! One line of a watch. It is read twice: once for what every object has, once as what it is wanted as, so that nothing is
//! held that nobody wants.

use super::Head;
use crate::cluster::Item;
use crate::error::Refused;
use crate::explain::Answer;
use crate::facts::or_default;
use crate::kind::Kind;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

/// What a line says, but for the object itself.
pub(super) struct Event {
    /// `ADDED`, `MODIFIED`, `DELETED`, `BOOKMARK`, `ERROR`.
    pub(super) what: String,
    pub(super) head: Head,
    /// The version after it; empty of errors.
    pub(super) version: String,
    /// What is wrong, of errors.
    pub(super) refused: Refused,
}

#[derive(Deserialize)]
struct Line {
    r#type: String,
    object: Front,
}

#[derive(Deserialize)]
struct Front {
    #[serde(default)]
    metadata: Metadata,
    #[serde(default, deserialize_with = "or_default")]
    code: u16,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Metadata {
    #[serde(deserialize_with = "or_default")]
    namespace: String,
    #[serde(deserialize_with = "or_default")]
    name: String,
    #[serde(deserialize_with = "or_default")]
    uid: String,
    #[serde(deserialize_with = "or_default")]
    resource_version: String,
}

impl Event {
    /// None where the line is none, such as half of the last one.
    pub(super) fn read(line: &[u8]) -> Option<Event> {
        let read: Line = serde_json::from_slice(line).ok()?;
        let is_error = read.r#type == "ERROR";
        let mut refused = Refused::default();
        if is_error {
            let body: Json = serde_json::from_slice(line).unwrap_or_default();
            refused.answer = Answer::new(read.object.code, body.get("object").unwrap_or(&Json::Null));
            refused.asked = "watch".to_owned();
        }
        let Metadata { namespace, name, uid, resource_version } = read.object.metadata;
        let version = if is_error { String::new() } else { resource_version };
        Some(Event { what: read.r#type, head: Head { namespace, name, uid }, version, refused })
    }
}

/// The object of a line, if it can be read as that.
pub(super) fn object<T: DeserializeOwned>(line: &[u8]) -> Option<T> {
    #[derive(Deserialize)]
    #[serde(bound = "T: DeserializeOwned")]
    struct Of<T> {
        object: T,
    }
    serde_json::from_slice::<Of<T>>(line).ok().map(|of| of.object)
}

/// An item of a list, with what names it; None where it cannot be read as what it is wanted as.
pub(super) struct Both<T> {
    pub(super) head: Head,
    pub(super) object: Option<T>,
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Both<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Both<T>, D::Error> {
        // One object at a time is held whole.
        let value = Json::deserialize(from)?;
        let metadata = value.get("metadata").map(|metadata| Metadata::deserialize(metadata).unwrap_or_default());
        let Metadata { namespace, name, uid, .. } = metadata.unwrap_or_default();
        Ok(Both { head: Head { namespace, name, uid }, object: serde_json::from_value(value).ok() })
    }
}

impl<T: Item> Item for Both<T> {
    const REMEMBERED: bool = T::REMEMBERED;

    fn is_a(&mut self, kind: &Kind) {
        if let Some(object) = &mut self.object {
            object.is_a(kind);
        }
    }
}
