//! The JSON Schema of a pipeline file, for editors and for programs that write pipelines.
//!
//! Made from the catalogue, so it knows what validation knows about single values and says it in the same words. It
//! cannot see across steps, and a text with `{{ }}` passes wherever a value may be computed: validation has the last word.

mod common;
mod settings;
mod step;
mod value;

#[cfg(test)]
mod tests;

use serde_json::{Map, Value as Json, json};

use crate::catalog;

/// The JSON Schema (2020-12) of the whole file in all accepted shapes.
#[must_use]
pub fn pipeline_schema() -> Json {
    let mut defs = Map::new();
    defs.insert("pipeline".to_owned(), pipeline());
    defs.insert("stage".to_owned(), stage());
    defs.insert("step".to_owned(), step::step());
    for kind in catalog::all() {
        step::define(kind, &mut defs);
    }
    settings::define(&mut defs);
    common::define(&mut defs);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "AnsFlow pipeline",
        "type": "object",
        "if": { "required": ["pipeline"] },
        "then": {
            "properties": { "pipeline": reference("pipeline", "the whole pipeline") },
            "additionalProperties": false,
        },
        "else": { "$ref": "#/$defs/pipeline" },
        "$defs": defs,
    })
}

fn pipeline() -> Json {
    let mut properties = json!({
        "name": reference("text", "name of the pipeline; without it the name of the file"),
        "description": reference("text", "what it is for"),
        "type": reference("pipeline_type", "where its steps do their work"),
        "execution_mode": reference("pipeline_type", "the same as `type`"),
        "image": reference("text", "the image that shell steps of a pipeline of type `docker` run in"),
        "docker_image": reference("text", "the same as `image`"),
        "variables": {
            "description": "values for `{{ name }}`; `--var` and a run's parameters win over them",
            "type": ["object", "null"],
            "additionalProperties": true,
        },
        "triggers": { "description": "what starts it", "type": ["array", "null"], "items": { "$ref": "#/$defs/trigger" } },
        "parallel_groups": {
            "description": "parallel groups that steps name in `parallel_group`",
            "type": ["object", "null"],
            "additionalProperties": { "$ref": "#/$defs/group" },
        },
        "steps": steps(),
        "stages": {
            "description": "stages, one after another",
            "type": "array",
            "items": { "$ref": "#/$defs/stage" },
            "minItems": 1,
        },
    });
    let fields = properties.as_object_mut().expect("written as an object above");
    settings::env(fields, "environment of every step");
    settings::timeout(fields, "the run times out after this");
    json!({
        "description": "a pipeline",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "oneOf": [{ "required": ["steps"] }, { "required": ["stages"] }],
    })
}

fn stage() -> Json {
    json!({
        "description": "steps that are done before the next stage begins",
        "type": "object",
        "properties": { "name": reference("text", "name of the stage"), "steps": steps() },
        "required": ["name", "steps"],
        "additionalProperties": false,
    })
}

fn steps() -> Json {
    json!({
        "description": "steps, one after another where nothing else is said",
        "type": "array",
        "items": { "$ref": "#/$defs/step" },
        "minItems": 1,
    })
}

/// What `$defs` has under this name, with a description of this place.
fn reference(name: &str, description: &str) -> Json {
    json!({ "$ref": format!("#/$defs/{name}"), "description": description })
}
