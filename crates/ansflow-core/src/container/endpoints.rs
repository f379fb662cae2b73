//! The shapes that ports and volumes have in common: a list, a map, one text with commas, and what stands in each.

use serde_json::{Map, Value as Json, json};

/// Puts values into a part of a text.
pub(crate) type Fill<'f> = &'f dyn Fn(&str) -> Result<String, String>;

/// What joins something of the host to something of a container.
pub(crate) trait Endpoint: Sized {
    /// Keys of a map that is one of them, each with its other spellings.
    const KEYS: &'static [&'static [&'static str]];

    /// An entry of a map of many as a map of one.
    fn pair(key: &str, value: &Json) -> Result<Map<String, Json>, String>;

    /// From a text whose parts are filled after it has been taken apart.
    fn of_text(text: &str, fill: Fill<'_>) -> Result<Self, String>;

    /// From a map with the canonical keys.
    fn of_map(map: &Map<String, Json>, fill: Fill<'_>) -> Result<Self, String>;
}

/// The elements of a value, each a text or a map of one. A text with commas is several.
pub(crate) fn elements<E: Endpoint>(value: &Json) -> Result<Vec<Json>, String> {
    match value {
        Json::Null => Ok(Vec::new()),
        Json::Array(items) => items.iter().map(one::<E>).collect(),
        Json::Object(map) if map.is_empty() => Ok(Vec::new()),
        Json::Object(map) if is_one::<E>(map) => Ok(vec![one::<E>(value)?]),
        Json::Object(map) => map.iter().map(|(key, value)| Ok(Json::Object(E::pair(key, value)?))).collect(),
        Json::String(text) => Ok(parts(text).map(|part| json!(part)).collect()),
        Json::Number(_) | Json::Bool(_) => Ok(vec![one::<E>(value)?]),
    }
}

/// The parts of a text with commas.
pub(crate) fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty())
}

/// Whether the map is one of them, and not a map of many.
pub(crate) fn is_one<E: Endpoint>(map: &Map<String, Json>) -> bool {
    map.keys().any(|key| E::KEYS[..2].iter().any(|keys| keys.contains(&key.as_str())))
}

fn one<E: Endpoint>(value: &Json) -> Result<Json, String> {
    match value {
        Json::String(_) => Ok(value.clone()),
        Json::Number(number) => Ok(json!(number.to_string())),
        Json::Object(map) => {
            let mut known = Map::new();
            for (key, value) in map {
                let keys = E::KEYS.iter().find(|keys| keys.contains(&key.as_str())).ok_or_else(|| {
                    let all: Vec<&str> = E::KEYS.iter().map(|keys| keys[0]).collect();
                    format!("has no key `{}`; known keys: {}", key.escape_debug(), all.join(", "))
                })?;
                if known.insert(keys[0].to_owned(), value.clone()).is_some() {
                    return Err(format!("gives `{}` twice", keys[0]));
                }
            }
            Ok(Json::Object(known))
        }
        Json::Null | Json::Bool(_) | Json::Array(_) => Err("must be a text or a map".to_owned()),
    }
}

/// A field of a map of one, filled; nothing where it is not there.
pub(super) fn field(map: &Map<String, Json>, key: &str, fill: Fill<'_>) -> Result<Option<String>, String> {
    match map.get(key) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => fill(text).map(Some),
        Some(other @ (Json::Number(_) | Json::Bool(_))) => Ok(Some(other.to_string())),
        Some(Json::Array(_) | Json::Object(_)) => Err(format!("`{key}` must be a text")),
    }
}
