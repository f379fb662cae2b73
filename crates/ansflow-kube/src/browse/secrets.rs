//! Secrets: what they keep is shown as `<hidden: 12 bytes>`, and a hidden value that comes back from an editor is the one
//! that is stored. The copy of themselves that `kubectl apply` leaves in an annotation is hidden with them.

use crate::object::Obj;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json};
use zeroize::Zeroizing;

/// The annotation in which `kubectl apply` keeps all that it was given.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// A value that is hidden in a text and stored nowhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` is hidden in this text, and no value of it is stored; write the value itself")]
pub struct NotStored {
    /// `data.password`.
    pub field: String,
}

/// Whether an object is one.
#[must_use]
pub fn is_secret(object: &Obj) -> bool {
    object.group().is_empty() && object.kind() == "Secret"
}

/// The fields of an object; a Secret's without what it keeps.
#[must_use]
pub fn hidden(object: &Obj) -> Map<String, Json> {
    let mut map = object.map().clone();
    if is_secret(object) {
        each_value(&mut map, |_, value| *value = Json::String(placeholder(value)));
    }
    map
}

/// Like [`hidden`], where what differs from `other` says so: two values of one length are not the same.
#[must_use]
pub fn hidden_beside(object: &Obj, other: &Obj) -> Map<String, Json> {
    let mut map = object.map().clone();
    if is_secret(object) {
        each_value(&mut map, |field, value| {
            let is_changed = stored(other, field).is_some_and(|stored| stored != value);
            let shown = placeholder(value);
            let changed = || format!("{}, changed>", shown.trim_end_matches('>'));
            *value = Json::String(if is_changed { changed() } else { shown.clone() });
        });
    }
    map
}

/// Puts what is stored where a text says that it is hidden.
///
/// # Errors
/// Something is hidden that is stored nowhere.
pub fn restored(written: &Obj, stored_object: Option<&Obj>) -> Result<Obj, NotStored> {
    let mut map = written.map().clone();
    if !is_secret(written) {
        return Ok(Obj::from(map));
    }
    let mut missing = None;
    each_value(&mut map, |field, value| {
        // `stringData` is only ever written: what is hidden there is stored in `data`.
        if field.first() == Some(&"stringData") || !value.as_str().is_some_and(is_placeholder) {
            return;
        }
        match stored_object.and_then(|object| stored(object, field)) {
            Some(stored) => *value = stored.clone(),
            None => missing = missing.take().or_else(|| Some(field.join("."))),
        }
    });
    let plain = keep_plain(&mut map, stored_object);
    match missing.or(plain) {
        Some(field) => Err(NotStored { field }),
        None => Ok(Obj::from(map)),
    }
}

/// The values of these keys, as they are; those that are no text come as Base64.
#[must_use]
pub fn reveal(object: &Obj, keys: &[String]) -> Vec<(String, Zeroizing<String>)> {
    let data = object.at(&["data"]).and_then(Json::as_object);
    let value = |key: &String| {
        let coded = data?.get(key)?.as_str()?;
        let bytes = STANDARD.decode(coded).ok().map(Zeroizing::new);
        let text = bytes.and_then(|bytes| std::str::from_utf8(&bytes).ok().map(str::to_owned));
        Some((key.clone(), Zeroizing::new(text.unwrap_or_else(|| coded.to_owned()))))
    };
    keys.iter().filter_map(value).collect()
}

/// The names of what it keeps.
#[must_use]
pub fn keys(object: &Obj) -> Vec<String> {
    object.at(&["data"]).and_then(Json::as_object).map_or_else(Vec::new, |data| data.keys().cloned().collect())
}

/// All that must not be in a text about it: the values, as they are stored and as they are.
#[must_use]
pub fn values(object: &Obj) -> Vec<Zeroizing<String>> {
    let mut found = Vec::new();
    for name in ["data", "stringData"] {
        for value in object.at(&[name]).and_then(Json::as_object).into_iter().flat_map(Map::values) {
            let Some(text) = value.as_str() else { continue };
            let plain = STANDARD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            found.extend(plain.map(Zeroizing::new));
            found.push(Zeroizing::new(text.to_owned()));
        }
    }
    found
}

/// Calls `with` for everything of a Secret that is hidden, with the path to it.
fn each_value(map: &mut Map<String, Json>, mut with: impl FnMut(&[&str], &mut Json)) {
    for name in ["data", "stringData"] {
        if let Some(Json::Object(data)) = map.get_mut(name) {
            data.iter_mut().for_each(|(key, value)| with(&[name, key], value));
        }
    }
    let annotations = map.get_mut("metadata").and_then(|metadata| metadata.get_mut("annotations"));
    if let Some(kept) = annotations.and_then(|annotations| annotations.get_mut(LAST_APPLIED)) {
        with(&["metadata", "annotations", LAST_APPLIED], kept);
    }
}

/// Takes hidden values out of `stringData` and leaves them in `data`; the first that is stored nowhere.
fn keep_plain(map: &mut Map<String, Json>, stored_object: Option<&Obj>) -> Option<String> {
    let Some(Json::Object(plain)) = map.get_mut("stringData") else { return None };
    let is_hidden = |value: &Json| value.as_str().is_some_and(is_placeholder);
    let hidden: Vec<String> = plain.iter().filter(|(_, value)| is_hidden(value)).map(|(key, _)| key.clone()).collect();
    let mut kept = Vec::new();
    for key in hidden {
        plain.shift_remove(&key);
        match stored_object.and_then(|object| stored(object, &["data", &key])) {
            Some(value) => kept.push((key, value.clone())),
            None => return Some(format!("stringData.{key}")),
        }
    }
    if let (false, Json::Object(data)) =
        (kept.is_empty(), map.entry("data").or_insert_with(|| Json::Object(Map::new())))
    {
        for (key, value) in kept {
            data.entry(key).or_insert(value);
        }
    }
    None
}

fn stored<'a>(object: &'a Obj, field: &[&str]) -> Option<&'a Json> {
    object.at(field).filter(|value| value.is_string())
}

/// What stands for a value: how long it is, and nothing else.
fn placeholder(value: &Json) -> String {
    let length = match value.as_str() {
        Some(text) => STANDARD.decode(text).map_or(text.len(), |bytes| bytes.len()),
        None => value.to_string().len(),
    };
    format!("<hidden: {length} {}>", if length == 1 { "byte" } else { "bytes" })
}

/// No Base64 has such a beginning.
fn is_placeholder(text: &str) -> bool {
    text.starts_with("<hidden: ") && text.ends_with('>')
}
