//! Whether a live object has what a manifest asks for: how our own write is recognised where its answer was not kept.
//!
//! The server adds defaults, sorts by key and writes quantities in its own way; what stands in the manifest must stand in
//! the live object nevertheless. Who asks must be ready for a "no" that is none: some fields are rewritten by the server.

use super::{Obj, quantity};
use serde_json::{Map, Value as Json};

/// Keys by which lists of Kubernetes are merged, the most telling first.
const ITEM_KEYS: [&str; 8] = ["name", "mountPath", "containerPort", "port", "key", "type", "topologyKey", "ip"];

/// Fields that only a write has, or that the server keeps for itself.
const NOT_KEPT: [&str; 3] = ["status", "stringData", "apiVersion"];

/// Whether every field of `manifest` stands in `live`.
#[must_use]
pub fn covers(live: &Obj, manifest: &Obj) -> bool {
    let fields = manifest.map().iter().filter(|(name, _)| !NOT_KEPT.contains(&name.as_str()));
    fields.into_iter().all(|(name, wanted)| has_field(live.map(), name, wanted))
}

fn has_field(live: &Map<String, Json>, name: &str, wanted: &Json) -> bool {
    match live.get(name) {
        Some(live) => has(live, wanted),
        None => is_nothing(wanted),
    }
}

fn has(live: &Json, wanted: &Json) -> bool {
    match (live, wanted) {
        (_, Json::Null) => true,
        (Json::Object(live), Json::Object(wanted)) => wanted.iter().all(|(name, value)| has_field(live, name, value)),
        (Json::Array(live), Json::Array(wanted)) => has_items(live, wanted),
        (Json::Number(live), Json::Number(wanted)) => live.as_f64() == wanted.as_f64(),
        (live, wanted) => live == wanted || quantity::same(live, wanted),
    }
}

fn has_items(live: &[Json], wanted: &[Json]) -> bool {
    let Some(key) =
        ITEM_KEYS.iter().find(|key| !wanted.is_empty() && wanted.iter().all(|item| item.get(key).is_some()))
    else {
        return live.len() == wanted.len() && live.iter().zip(wanted).all(|(live, wanted)| has(live, wanted));
    };
    wanted.iter().all(|item| {
        live.iter().any(|live| live.get(key).is_some_and(|it| Some(it) == item.get(key)) && has(live, item))
    })
}

/// What the server leaves out: nothing, and empty things.
fn is_nothing(wanted: &Json) -> bool {
    match wanted {
        Json::Null => true,
        Json::Bool(truth) => !truth,
        Json::Number(number) => number.as_f64() == Some(0.0),
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(map) => map.values().all(is_nothing),
    }
}
