//! What a write changes, for people: a difference of two texts in YAML, without what only the server writes.
//!
//! Values of Secrets never stand in it; that they differ does.

use crate::object::Obj;
use ansflow_core::yaml;
use serde_json::{Map, Value as Json, json};
use similar::TextDiff;

/// What the server writes by itself whenever something is written.
const SERVERS: [&str; 6] = ["managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink"];
/// Where older tools keep a whole copy of what they applied.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
/// Lines of what stays the same around what changes.
const AROUND: usize = 3;
/// A list of changed fields is no longer than this.
const MOST_FIELDS: usize = 6;

/// The change from one version of an object to another, as a patch; empty when nothing changes. No `before`: it is made.
#[must_use]
pub fn diff(before: Option<&Obj>, after: &Obj) -> String {
    let (old, new) = shown(before, after);
    if before.is_some() && old == new {
        return String::new();
    }
    let name = after.object();
    let text = |value: &Json| if value.is_null() { String::new() } else { yaml::print(value) };
    let (old, new) = (text(&old), text(&new));
    let header = |word: &str| format!("{name} ({word})");
    let (from, to) = (header(if before.is_some() { "as it is" } else { "not there" }), header("as it will be"));
    TextDiff::from_lines(old.as_str(), new.as_str())
        .unified_diff()
        .context_radius(AROUND)
        .header(&from, &to)
        .to_string()
}

/// Whether a write changes anything that somebody asked for.
pub(super) fn is_same(before: &Obj, after: &Obj) -> bool {
    content(before) == content(after)
}

/// The fields that change, the first few, with both values: `spec.replicas: 2 → 3`.
pub(super) fn fields(before: &Obj, after: &Obj) -> Vec<String> {
    let (old, new) = shown(Some(before), after);
    let mut found = Vec::new();
    walk("", &old, &new, &mut found);
    let more = found.len().saturating_sub(MOST_FIELDS);
    found.truncate(MOST_FIELDS);
    found.extend((more > 0).then(|| format!("{more} more")));
    found
}

fn walk(path: &str, old: &Json, new: &Json, found: &mut Vec<String>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match (old, new) {
        (old, new) if old == new => {}
        (Json::Object(old), Json::Object(new)) => {
            let gone = old.iter().filter(|(key, _)| !new.contains_key(*key));
            gone.for_each(|(key, value)| walk(&below(key), value, &Json::Null, found));
            new.iter().for_each(|(key, value)| walk(&below(key), old.get(key).unwrap_or(&Json::Null), value, found));
        }
        (Json::Array(old), Json::Array(new)) if old.len() == new.len() => {
            for (at, (old, new)) in old.iter().zip(new).enumerate() {
                let name = new.get("name").and_then(Json::as_str).map_or_else(|| at.to_string(), str::to_owned);
                walk(&format!("{path}[{name}]"), old, new, found);
            }
        }
        (old, new) => found.push(format!("{path}: {} → {}", brief(old), brief(new))),
    }
}

/// A value in a few characters.
pub(super) fn brief(value: &Json) -> String {
    match value {
        Json::Null => "nothing".to_owned(),
        Json::String(text) => crate::text::short(text, 60),
        Json::Object(map) => format!("{{{}}}", crate::text::count(map.len().try_into().unwrap_or(i64::MAX), "field")),
        Json::Array(items) => format!("[{}]", crate::text::count(items.len().try_into().unwrap_or(i64::MAX), "item")),
        Json::Bool(_) | Json::Number(_) => value.to_string(),
    }
}

/// What somebody asked for, without what the server writes by itself.
pub(super) fn content(object: &Obj) -> Json {
    let mut map = object.map().clone();
    map.remove("status");
    if let Some(Json::Object(metadata)) = map.get_mut("metadata") {
        SERVERS.iter().for_each(|field| {
            metadata.remove(*field);
        });
    }
    Json::Object(map)
}

/// Both versions as they may be shown; null where there is none.
fn shown(before: Option<&Obj>, after: &Obj) -> (Json, Json) {
    let (mut old, mut new) = (before.map_or(Json::Null, content), content(after));
    if is_secret(after) {
        hide(&mut old, &mut new);
    }
    (old, new)
}

/// Whether an object's values are nobody's business.
pub(super) fn is_secret(object: &Obj) -> bool {
    object.group().is_empty() && object.kind() == "Secret"
}

/// Takes the values of a Secret out of both versions, so that a difference remains one.
fn hide(old: &mut Json, new: &mut Json) {
    for part in ["data", "stringData"] {
        let before = old.get(part).and_then(Json::as_object).cloned().unwrap_or_default();
        let cover = |values: &mut Json, other: Option<&Map<String, Json>>| {
            let Some(Json::Object(values)) = values.get_mut(part) else { return };
            for (key, value) in values.iter_mut() {
                let changed = other.is_some_and(|other| other.get(key).is_some_and(|other| other != &*value));
                *value = json!(hidden(part, value, changed));
            }
        };
        cover(old, None);
        cover(new, Some(&before));
    }
    for value in [old, new] {
        let annotation = value.pointer_mut("/metadata/annotations").and_then(|all| all.get_mut(LAST_APPLIED));
        annotation.into_iter().for_each(|text| *text = json!("<hidden>"));
    }
}

fn hidden(part: &str, value: &Json, changed: bool) -> String {
    let text = value.as_str().unwrap_or_default();
    let padding = text.bytes().rev().take_while(|byte| *byte == b'=').count();
    let bytes = if part == "data" { (text.len() * 3 / 4).saturating_sub(padding) } else { text.len() };
    let changed = if changed { ", another one" } else { "" };
    format!("<hidden: {bytes} bytes{changed}>")
}
