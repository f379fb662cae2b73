//! The settings of pipelines, groups and steps: everything that is no parameter of a step's type.

use serde_json::{Map, Value as Json, json};

use super::{reference, value};
use crate::catalog::APPROVAL_PARAMS;

/// Adds the larger ones to `$defs`.
pub(super) fn define(defs: &mut Map<String, Json>) {
    defs.insert("approval".to_owned(), value::object(APPROVAL_PARAMS, "people who are asked before the step starts"));
    let shapes = json!({
        "pipeline_type": { "enum": ["local", "remote", "docker", "kubernetes", "hybrid"], "default": "local" },
        "trigger": trigger(),
        "group": group(),
        "condition": condition(),
        "retry": retry(),
        "cache": {
            "type": "object",
            "properties": {
                "key": reference("text", "names the cache; equal keys share it"),
                "paths": reference("text_list", "what is kept"),
            },
            "required": ["key", "paths"],
            "additionalProperties": false,
        },
    });
    if let Json::Object(shapes) = shapes {
        defs.extend(shapes);
    }
}

/// What may stand on a step of any type.
pub(super) fn of_step() -> Map<String, Json> {
    let mut fields = Map::new();
    let mut add = |key: &str, schema: Json| fields.insert(key.to_owned(), schema);
    add("name", reference("text", "name of the step, in any script, unique in the pipeline"));
    add("type", json!({ "description": "what the step does" }));
    add("description", reference("text", "what it is for"));
    add("order", json!({ "description": "its place among the steps", "type": "integer" }));
    add("needs", reference("text_list", "steps that end well before it starts; `[]`: it starts at once"));
    add("parallel_group", reference("text", "steps of one group run together"));
    add("when", reference("text", "it runs only where this expression is true"));
    let conditions = "it runs only where all of these hold";
    add(
        "conditions",
        json!({ "description": conditions, "type": ["array", "null"], "items": { "$ref": "#/$defs/condition" } }),
    );
    add("retry", reference("retry", "how often it is tried"));
    add("retry_policy", reference("retry", "the same as `retry`"));
    add("approval", reference("approval", "people who are asked before it starts"));
    let go_on = "its failure fails neither the run nor what follows";
    add("continue_on_failure", json!({ "description": go_on, "type": "boolean", "default": false }));
    add("working_directory", reference("text", "the directory it works in, relative to the workspace"));
    add("artifacts", reference("text_list", "globs of files that are kept when it has succeeded"));
    let cache = json!({ "type": ["array", "null"], "items": { "$ref": "#/$defs/cache" } });
    let kept = "files that are kept from run to run";
    add("cache", json!({ "description": kept, "anyOf": [cache, { "$ref": "#/$defs/cache" }] }));
    env(&mut fields, "environment of this step");
    timeout(&mut fields, "an attempt times out after this");
    fields
}

/// The environment, in its three spellings.
pub(super) fn env(fields: &mut Map<String, Json>, description: &str) {
    fields.insert("env".to_owned(), reference("text_map", description));
    for spelling in ["environment", "environment_vars"] {
        fields.insert(spelling.to_owned(), reference("text_map", "the same as `env`"));
    }
}

/// The time limit, in its two spellings.
pub(super) fn timeout(fields: &mut Map<String, Json>, description: &str) {
    fields.insert("timeout".to_owned(), reference("duration", description));
    fields.insert("timeout_seconds".to_owned(), reference("duration", "the same as `timeout`"));
}

fn trigger() -> Json {
    let plain = |words: &[&str]| {
        json!({
            "properties": { "type": { "enum": words } },
            "additionalProperties": false,
        })
    };
    json!({
        "type": "object",
        "required": ["type"],
        "oneOf": [
            plain(&["manual", "api"]),
            {
                "properties": {
                    "type": { "const": "schedule" },
                    "cron": { "description": "minute, hour, day of month, month, day of week", "type": "string" },
                    "timezone": { "description": "such as Asia/Shanghai; UTC by default", "type": "string" },
                },
                "required": ["cron"],
                "additionalProperties": false,
            },
            {
                "properties": {
                    "type": { "const": "webhook" },
                    "branches": reference("text_list", "only pushes to branches that one of these globs matches"),
                    "paths": reference("text_list", "only when a file that one of these globs matches has changed"),
                },
                "additionalProperties": false,
            },
        ],
    })
}

fn group() -> Json {
    let policies = json!({
        "description": "what ends the group: all members, the first success, or the first failure",
        "enum": ["wait_all", "wait_any", "fail_fast"],
        "default": "wait_all",
    });
    let mut properties = Map::new();
    properties.insert("policy".to_owned(), policies);
    properties.insert("sync_policy".to_owned(), json!({ "$ref": "#/$defs/group/properties/policy" }));
    timeout(&mut properties, "members that still run after this time out");
    json!({ "type": ["object", "null"], "properties": properties, "additionalProperties": false })
}

fn condition() -> Json {
    let of = ["branch_equals", "branch_matches", "environment_equals", "expression"];
    json!({
        "type": "object",
        "required": ["type"],
        "oneOf": [
            {
                "properties": {
                    "type": { "enum": of },
                    "value": reference("text", "what it is compared with, or the expression"),
                    "expression": reference("text", "the same as `value`"),
                },
                "oneOf": [{ "required": ["value"] }, { "required": ["expression"] }],
                "additionalProperties": false,
            },
            {
                "properties": { "type": { "enum": ["on_success", "on_failure", "always"] } },
                "additionalProperties": false,
            },
        ],
    })
}

fn retry() -> Json {
    let outcomes = json!({ "enum": ["failed", "timed_out", "lost", "broken"] });
    let backoff = json!({
        "description": "how the wait grows",
        "enum": ["fixed", "linear", "exponential"],
        "default": "fixed",
    });
    json!({
        "type": ["object", "null"],
        "properties": {
            "attempts": { "description": "all tries, the first included", "type": "integer", "minimum": 1, "maximum": 1000 },
            "max_retries": { "description": "tries after the first", "type": "integer", "minimum": 0, "maximum": 999 },
            "delay": reference("duration", "wait before the second try"),
            "retry_delay_seconds": reference("duration", "the same as `delay`"),
            "delay_seconds": reference("duration", "the same as `delay`"),
            "backoff": backoff,
            "backoff_strategy": { "$ref": "#/$defs/retry/properties/backoff" },
            "max_delay": reference("duration", "no wait is longer"),
            "max_delay_seconds": reference("duration", "the same as `max_delay`"),
            "on": {
                "description": "what is tried again; by default everything but a lost attempt",
                "anyOf": [outcomes, { "type": "array", "items": outcomes }],
            },
        },
        "additionalProperties": false,
    })
}
