//! An object as YAML, for people: what managers have noted of fields is left out unless asked for, and what a Secret keeps
//! is hidden.

use super::secrets;
use crate::object::Obj;
use ansflow_core::yaml;
use serde_json::{Map, Value as Json};

/// What a view shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct View {
    /// Whether `metadata.managedFields` are shown too.
    pub managed: bool,
}

/// The object as it may be shown.
#[must_use]
pub fn shown(object: &Obj, view: View) -> Json {
    let mut map = secrets::hidden(object);
    if !view.managed {
        without(&mut map, &["managedFields"]);
    }
    Json::Object(in_order(map))
}

/// The same as YAML.
#[must_use]
pub fn text(object: &Obj, view: View) -> String {
    yaml::print(&shown(object, view))
}

/// What a person changes of an object: no status, and nothing that the server writes itself.
#[must_use]
pub fn wish(object: &Obj) -> Json {
    wished(secrets::hidden(object))
}

/// The same, marked where a Secret's values differ from those of `other`.
#[must_use]
pub fn wish_beside(object: &Obj, other: &Obj) -> Json {
    wished(secrets::hidden_beside(object, other))
}

fn wished(mut map: Map<String, Json>) -> Json {
    map.shift_remove("status");
    without(&mut map, &["managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink"]);
    Json::Object(in_order(map))
}

fn without(map: &mut Map<String, Json>, names: &[&str]) {
    if let Some(Json::Object(metadata)) = map.get_mut("metadata") {
        names.iter().for_each(|name| drop(metadata.shift_remove(*name)));
    }
}

/// What an object is stands first, whatever the order in which it came.
fn in_order(mut map: Map<String, Json>) -> Map<String, Json> {
    let mut ordered = Map::new();
    for name in ["apiVersion", "kind", "metadata"] {
        if let Some(value) = map.shift_remove(name) {
            ordered.insert(name.to_owned(), value);
        }
    }
    let status = map.shift_remove("status");
    ordered.append(&mut map);
    ordered.extend(status.map(|status| ("status".to_owned(), status)));
    ordered
}
