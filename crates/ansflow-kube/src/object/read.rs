//! Objects out of text: YAML documents or JSON, with Lists taken apart.

use super::Obj;
use ansflow_core::yaml;
use serde_json::Value as Json;

/// A text that holds no objects, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct ReadError {
    /// The line of the text, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// Every object of a text, in its order; documents that say nothing are left out.
pub fn read_all(text: &str) -> Result<Vec<Obj>, ReadError> {
    let mut found = Vec::new();
    if let Ok(json) = serde_json::from_str::<Json>(text) {
        take(json, &mut found).map_err(|message| ReadError { line: 1, message: message.to_owned() })?;
        return Ok(found);
    }
    for (line, document) in yaml::documents(text) {
        let problem = |line: usize, message: String| ReadError { line, message };
        let (node, diagnostics) = yaml::read(document.as_bytes());
        if let Some(diagnostic) = diagnostics.first() {
            let below = (diagnostic.span.start.line as usize).saturating_sub(1);
            return Err(problem(line + below, diagnostic.message.clone()));
        }
        let value = node.map_or(Json::Null, |node| node.to_json());
        take(value, &mut found).map_err(|message| problem(line, message.to_owned()))?;
    }
    Ok(found)
}

/// Puts an object, or those of a List, behind the others.
fn take(value: Json, found: &mut Vec<Obj>) -> Result<(), &'static str> {
    let mut map = match value {
        Json::Null => return Ok(()),
        Json::Object(map) => map,
        Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
            return Err("this is no object of Kubernetes");
        }
    };
    let list_of = map.get("kind").and_then(Json::as_str).and_then(|kind| kind.strip_suffix("List")).map(str::to_owned);
    let version = map.get("apiVersion").cloned().unwrap_or(Json::Null);
    if let (Some(kind), Some(Json::Array(items))) = (list_of, map.get_mut("items")) {
        let items = std::mem::take(items);
        return items.into_iter().try_for_each(|item| take(with_kind(item, &kind, &version), found));
    }
    match map.get("kind").and_then(Json::as_str) {
        Some(kind) if !kind.is_empty() => found.extend(Obj::new(Json::Object(map))),
        _ => return Err("an object of Kubernetes has a `kind`"),
    }
    Ok(())
}

/// An item of a typed list, such as a `PodList`, which leaves out what all of its items are.
fn with_kind(mut item: Json, kind: &str, version: &Json) -> Json {
    if let (Json::Object(map), false) = (&mut item, kind.is_empty()) {
        map.entry("kind").or_insert_with(|| kind.into());
        map.entry("apiVersion").or_insert_with(|| version.clone());
    }
    item
}
