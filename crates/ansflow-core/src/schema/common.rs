//! The shapes of values that parameters and settings share.

use serde_json::{Map, Value as Json, json};

/// Adds them to `$defs`.
pub(super) fn define(defs: &mut Map<String, Json>) {
    let shapes = json!({
        "text": { "description": "a text; a number or a Boolean is its text", "type": ["string", "number", "boolean"] },
        "template": { "description": "a text with `{{ }}`", "type": "string", "pattern": r"\{\{[\s\S]*\}\}" },
        "boolean": { "anyOf": [{ "type": "boolean" }, { "$ref": "#/$defs/template" }] },
        "name": {
            "description": "a name by the rules of Kubernetes",
            "anyOf": [
                { "type": "string", "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$", "maxLength": 253 },
                { "type": "integer", "minimum": 0 },
                { "$ref": "#/$defs/template" },
            ],
        },
        "duration": {
            "description": "`90s`, `5m`, `1h30m`, or a number of seconds",
            "anyOf": [
                { "type": "number", "minimum": 0 },
                { "type": "string", "pattern": r"^\s*([0-9]+(\.[0-9]+)?\s*(d|h|m|s|ms)\s*)+$" },
                { "type": "string", "pattern": r"^\s*[0-9]+(\.[0-9]+)?\s*$" },
            ],
        },
        "text_list": {
            "description": "a list of texts, or one text",
            "anyOf": [{ "$ref": "#/$defs/text" }, { "type": ["array", "null"], "items": { "$ref": "#/$defs/text" } }],
        },
        "text_map": {
            "description": "a map of texts, or a list of `{key, value}` or `KEY=VALUE`",
            "anyOf": [
                { "type": ["object", "null"], "additionalProperties": { "$ref": "#/$defs/text_or_nothing" } },
                {
                    "type": "array",
                    "items": { "anyOf": [{ "type": "string", "pattern": "=" }, { "$ref": "#/$defs/pair" }] },
                },
            ],
        },
        "text_or_nothing": { "type": ["string", "number", "boolean", "null"] },
        "pair": {
            "type": "object",
            "properties": {
                "key": { "$ref": "#/$defs/text" },
                "name": { "$ref": "#/$defs/text" },
                "value": { "$ref": "#/$defs/text_or_nothing" },
            },
            "required": ["value"],
            "oneOf": [{ "required": ["key"] }, { "required": ["name"] }],
            "additionalProperties": false,
        },
        "port": {
            "anyOf": [{ "type": "integer", "minimum": 1, "maximum": 65535 }, { "type": "string", "pattern": r"^[0-9]+$" },
                      { "$ref": "#/$defs/template" }],
        },
        "ports": {
            "description": "`HOST:CONTAINER`, a list of such texts or of `{host, container}`, or a map from container to host",
            "anyOf": [
                { "type": ["string", "integer"] },
                {
                    "type": "array",
                    "items": {
                        "anyOf": [
                            { "type": ["string", "integer"] },
                            {
                                "type": "object",
                                "properties": {
                                    "host": { "$ref": "#/$defs/port" },
                                    "container": { "$ref": "#/$defs/port" },
                                    "protocol": { "enum": ["tcp", "udp", "sctp"] },
                                },
                                "required": ["container"],
                                "additionalProperties": false,
                            },
                        ],
                    },
                },
                { "type": "object", "additionalProperties": { "$ref": "#/$defs/port" } },
            ],
        },
        "volumes": {
            "description": "`HOST:CONTAINER[:ro]`, a list of such texts or of `{host, container, mode}`, or a map from host to container",
            "anyOf": [
                { "type": "string" },
                {
                    "type": "array",
                    "items": {
                        "anyOf": [
                            { "type": "string" },
                            {
                                "type": "object",
                                "properties": {
                                    "host": { "$ref": "#/$defs/text" },
                                    "container": { "$ref": "#/$defs/text" },
                                    "mode": { "enum": ["rw", "ro"] },
                                },
                                "required": ["host", "container"],
                                "additionalProperties": false,
                            },
                        ],
                    },
                },
                { "type": "object", "additionalProperties": { "$ref": "#/$defs/text" } },
            ],
        },
        "map": { "description": "a map, or a YAML or JSON text of one", "type": ["object", "string"] },
        "yaml": { "description": "a map or a list, or a YAML or JSON text of one", "type": ["object", "array", "string"] },
    });
    if let Json::Object(shapes) = shapes {
        defs.extend(shapes);
    }
}
