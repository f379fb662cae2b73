//! Which scalars Go leaves out when they are zero. Pointers are written (`replicas: 0`), plain fields are not (`paused: false`).

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use serde_json::Value;

use crate::wire::embedded;

/// The fields of a type that are left out when they are "", 0 or false.
pub(super) fn left_out(ty: &str) -> Option<&'static HashSet<String>> {
    static TYPES: OnceLock<HashMap<String, HashSet<String>>> = OnceLock::new();
    TYPES.get_or_init(read).get(ty)
}

fn read() -> HashMap<String, HashSet<String>> {
    let messages = embedded::protobuf();
    let names = messages.keys().map(|message| {
        let mut fields = HashSet::new();
        plain(&messages, message, &mut fields);
        // api/apps/v1/Deployment → io.k8s.api.apps.v1.Deployment
        (format!("io.k8s.{}", message.replace('/', ".").replace('_', "-")), fields)
    });
    names.collect()
}

fn plain(messages: &serde_json::Map<String, Value>, message: &str, found: &mut HashSet<String>) {
    for field in messages.get(message).and_then(Value::as_object).into_iter().flat_map(|fields| fields.values()) {
        match (field[0].as_str(), field[1].as_str()) {
            (Some(name), Some("string" | "bool" | "int32" | "int64" | "double")) => drop(found.insert(name.to_owned())),
            (_, Some("inline")) => plain(messages, field[2].as_str().unwrap_or_default(), found),
            _ => {}
        }
    }
}
