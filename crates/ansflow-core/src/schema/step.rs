//! A step of each type: its settings, and its parameters in all the places where they may stand.

use serde_json::{Map, Value as Json, json};

use super::{settings, value};
use crate::catalog::{self, Category, ON_STEP, Param, Rule, StepType};

/// Any step: its type chooses the rest.
pub(super) fn step() -> Json {
    let types: Vec<Json> = catalog::all().iter().flat_map(words).collect();
    let choices: Vec<Json> = catalog::all()
        .iter()
        .map(|kind| {
            json!({
                "if": { "properties": { "type": { "enum": spellings(kind.word, kind.aliases) } }, "required": ["type"] },
                "then": { "$ref": format!("#/$defs/step_{}", kind.word) },
            })
        })
        .collect();
    json!({
        "description": "a step",
        "type": "object",
        "properties": { "type": { "description": "what the step does", "oneOf": types } },
        "required": ["name", "type"],
        "allOf": choices,
    })
}

/// Adds the step and the parameters of a type to `$defs`.
pub(super) fn define(kind: &StepType, defs: &mut Map<String, Json>) {
    let config = value::object(kind.params, &format!("parameters of `{}`: {}", kind.word, kind.summary));
    defs.insert(format!("parameters_{}", kind.word), nesting(kind, &config));
    defs.insert(format!("config_{}", kind.word), config);
    defs.insert(format!("step_{}", kind.word), step_of(kind));
}

fn words(kind: &StepType) -> Vec<Json> {
    let aliases = kind.aliases.iter().map(
        |alias| json!({ "const": alias, "description": format!("the same as `{}`", kind.word), "deprecated": true }),
    );
    let description = match kind.unavailable {
        Some(why) => format!("{}; not yet: {why}", kind.summary),
        None => kind.summary.to_owned(),
    };
    let word = json!({ "const": kind.word, "title": kind.title, "description": description });
    std::iter::once(word).chain(aliases).collect()
}

/// `parameters` is `config`, and may also hold what `k8s_config` or `docker_config` holds, as such a map.
fn nesting(kind: &StepType, config: &Json) -> Json {
    let mut parameters = config.clone();
    if let Some(key) = kind.category.config_key() {
        parameters["properties"][key] = json!({ "$ref": format!("#/$defs/config_{}", kind.word) });
    }
    parameters
}

fn step_of(kind: &StepType) -> Json {
    let mut properties = settings::of_step();
    if kind.category == Category::Approval {
        // It is one already.
        properties.shift_remove("approval");
    }
    for key in ON_STEP {
        if let Some(param) = kind.param(key) {
            properties.insert((*key).to_owned(), value::value(param));
        }
    }
    for place in places(kind) {
        let def = if place == "parameters" { "parameters" } else { "config" };
        properties.insert(place.to_owned(), json!({ "$ref": format!("#/$defs/{def}_{}", kind.word) }));
    }
    let mut schema = json!({
        "description": kind.summary,
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    let demands: Vec<Json> = demands(kind).iter().map(|keys| given_somewhere(kind, keys)).collect();
    if !demands.is_empty() {
        schema["allOf"] = Json::Array(demands);
    }
    schema
}

/// The maps on a step that may hold its parameters.
fn places(kind: &StepType) -> Vec<&'static str> {
    ["config", "parameters"].into_iter().chain(kind.category.config_key()).collect()
}

/// Lists of keys of which at least one must be given. What another step may hand down is left to validation.
fn demands(kind: &StepType) -> Vec<Vec<&'static str>> {
    let own = |param: &&Param| param.required && param.inherits.is_none() && param.default.is_none();
    let required = kind.params.iter().filter(own).map(|param| spellings(param.key, param.aliases));
    let rules = kind.rules.iter().filter_map(|rule| match rule {
        Rule::OneOf(keys) => Some(
            keys.iter()
                .filter_map(|key| kind.param(key))
                .flat_map(|param| spellings(param.key, param.aliases))
                .collect(),
        ),
        Rule::AnyOf(_) | Rule::NotBoth(..) | Rule::Wins(..) | Rule::OnlyWith(..) => None,
    });
    required.chain(rules).collect()
}

/// One of the keys stands on the step or in one of its maps.
fn given_somewhere(kind: &StepType, keys: &[&str]) -> Json {
    let any: Vec<Json> = keys.iter().map(|key| json!({ "required": [key] })).collect();
    let within =
        |place: &str, inner: &Json| json!({ "type": "object", "required": [place], "properties": { place: inner } });
    let here = json!({ "type": "object", "anyOf": any });
    let on_step = keys.iter().filter(|key| ON_STEP.contains(key)).map(|key| json!({ "required": [key] }));
    let in_maps = places(kind).into_iter().map(|place| within(place, &here));
    let nested = kind.category.config_key().map(|key| within("parameters", &within(key, &here)));
    json!({ "anyOf": on_step.chain(in_maps).chain(nested).collect::<Vec<_>>() })
}

fn spellings(word: &'static str, aliases: &[&'static str]) -> Vec<&'static str> {
    std::iter::once(word).chain(aliases.iter().copied()).collect()
}
