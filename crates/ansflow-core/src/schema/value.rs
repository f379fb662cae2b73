//! The schema of one parameter's value.

use serde_json::{Map, Value as Json, json};

use crate::catalog::{Param, ParamKind};

/// A map with these keys and their aliases; nothing at all is an empty one.
pub(super) fn object(params: &[Param], description: &str) -> Json {
    let mut properties = Map::new();
    for param in params {
        properties.insert(param.key.to_owned(), value(param));
        for alias in param.aliases {
            properties.insert((*alias).to_owned(), same_as(param));
        }
    }
    json!({
        "description": description,
        "type": ["object", "null"],
        "properties": properties,
        "additionalProperties": false,
    })
}

/// The value of a parameter, with what is said about it.
pub(super) fn value(param: &Param) -> Json {
    let mut schema = shape(param);
    schema["title"] = json!(param.title);
    schema["description"] = json!(description(param));
    if let Some(default) = default(param) {
        schema["default"] = default;
    }
    if param.secret {
        schema["writeOnly"] = json!(true);
    }
    schema
}

/// The same value under another key.
fn same_as(param: &Param) -> Json {
    let mut schema = shape(param);
    schema["description"] = json!(format!("the same as `{}`", param.key));
    schema
}

fn description(param: &Param) -> String {
    match param.show_when {
        Some((key, values)) => format!("{}; only with `{key}: {}`", param.help, values.join("`, `")),
        None => param.help.to_owned(),
    }
}

/// What the value may look like, always as an object.
fn shape(param: &Param) -> Json {
    match param.kind {
        ParamKind::Text | ParamKind::Multiline | ParamKind::Code | ParamKind::Path | ParamKind::Reference => {
            shared("text")
        }
        ParamKind::Name => shared("name"),
        ParamKind::Bool if param.templated => shared("boolean"),
        ParamKind::Bool => json!({ "type": "boolean" }),
        ParamKind::Int { min, max } => computed(param, json!({ "type": "integer", "minimum": min, "maximum": max })),
        ParamKind::Duration => computed(param, duration(param)),
        ParamKind::Choice(words) => computed(param, json!({ "enum": words })),
        ParamKind::KindWord(words) => json!({ "type": "string", "examples": words }),
        ParamKind::Words | ParamKind::TextList => shared("text_list"),
        ParamKind::TextMap => shared("text_map"),
        ParamKind::Ports => shared("ports"),
        ParamKind::Volumes => shared("volumes"),
        ParamKind::Yaml => shared("map"),
        ParamKind::Manifests => shared("yaml"),
        ParamKind::Object(params) => object(params, ""),
        ParamKind::Objects(params) => json!({ "type": "array", "items": object(params, param.help) }),
    }
}

fn shared(name: &str) -> Json {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// The limits are for bare numbers; of a text they say nothing.
fn duration(param: &Param) -> Json {
    match param.seconds {
        Some((min, max)) => json!({ "$ref": "#/$defs/duration", "minimum": min, "maximum": max }),
        None => shared("duration"),
    }
}

/// This value, or a text that computes it where the parameter allows that.
fn computed(param: &Param, literal: Json) -> Json {
    match param.templated {
        true => json!({ "anyOf": [literal, shared("template")] }),
        false => literal,
    }
}

/// The default with the type that its kind has in JSON.
fn default(param: &Param) -> Option<Json> {
    let text = param.default?;
    Some(match param.kind {
        ParamKind::Bool | ParamKind::Int { .. } | ParamKind::Duration => {
            serde_json::from_str(text).unwrap_or_else(|_| json!(text))
        }
        ParamKind::Text
        | ParamKind::Multiline
        | ParamKind::Code
        | ParamKind::Path
        | ParamKind::Name
        | ParamKind::Reference
        | ParamKind::Choice(_)
        | ParamKind::KindWord(_)
        | ParamKind::Words
        | ParamKind::TextList
        | ParamKind::TextMap
        | ParamKind::Ports
        | ParamKind::Volumes
        | ParamKind::Yaml
        | ParamKind::Manifests
        | ParamKind::Object(_)
        | ParamKind::Objects(_) => json!(text),
    })
}
