//! What the core's JSON view of the catalogue looks like, for the OpenAPI document. The core writes it, a test compares.

#![expect(dead_code, reason = "these describe what the core writes, and hold nothing")]

use utoipa::ToSchema;

/// The same in two languages.
#[derive(ToSchema)]
pub(super) struct Words {
    en: String,
    zh: String,
}

/// A type of step.
#[derive(ToSchema)]
pub(super) struct StepType {
    /// What stands after `type:`.
    r#type: String,
    aliases: Vec<String>,
    category: String,
    category_title: Words,
    title: Words,
    summary: Words,
    available: bool,
    /// Why it cannot run yet.
    #[schema(required)]
    unavailable: Option<String>,
    parameters: Vec<Parameter>,
    rules: Vec<Rule>,
    /// Steps as YAML maps.
    examples: Vec<String>,
    /// The key that may hold its parameters besides `config` and `parameters`.
    #[schema(required)]
    config_key: Option<String>,
}

/// A parameter of a step.
#[derive(ToSchema)]
pub(super) struct Parameter {
    key: String,
    aliases: Vec<String>,
    kind: ParameterKind,
    required: bool,
    /// What holds where it is neither given nor inherited, as written in YAML.
    #[schema(required)]
    default: Option<String>,
    /// 1 to 10; forms show small numbers first.
    priority: u8,
    /// `{{ }}` may stand in it.
    templated: bool,
    secret: bool,
    title: Words,
    help: Words,
    #[schema(required)]
    example: Option<String>,
    /// What it takes from earlier steps where it is left out.
    #[schema(required)]
    inherits: Option<String>,
    /// It may also stand on the step itself, under these keys.
    on_step: Vec<String>,
    #[schema(required)]
    show_when: Option<ShowWhen>,
    #[schema(required)]
    choices: Option<Vec<String>>,
    #[schema(required)]
    min: Option<i64>,
    #[schema(required)]
    max: Option<i64>,
    /// Of a map, or of each map in a list.
    #[schema(required, no_recursion)]
    fields: Option<Vec<Parameter>>,
}

/// What a parameter takes.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(super) enum ParameterKind {
    Text,
    Multiline,
    Code,
    Path,
    Name,
    Reference,
    Integer,
    Boolean,
    Duration,
    Choice,
    KindWord,
    Words,
    TextList,
    TextMap,
    Ports,
    Volumes,
    Yaml,
    Manifests,
    Object,
    Objects,
}

/// It is shown only where another parameter has one of these values.
#[derive(ToSchema)]
pub(super) struct ShowWhen {
    parameter: String,
    one_of: Vec<String>,
}

/// What holds between parameters.
#[derive(ToSchema)]
pub(super) struct Rule {
    kind: RuleKind,
    parameters: Vec<String>,
}

/// How they stand to each other.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(super) enum RuleKind {
    OneOf,
    AnyOf,
    NotBoth,
    Wins,
    OnlyWith,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ansflow_core::catalog;
    use serde_json::Value as Json;

    /// Every key that the document promises is there, and none besides; every word is one that it knows.
    fn check(schemas: &Json, name: &str, view: &Json) {
        let schema = &schemas[name];
        if let Some(words) = schema["enum"].as_array() {
            assert!(words.contains(view), "{name} has no {view}");
            return;
        }
        let promised: BTreeSet<&String> = schema["properties"].as_object().unwrap().keys().collect();
        assert_eq!(promised, view.as_object().unwrap().keys().collect(), "{name}");
        assert_eq!(schema["required"].as_array().unwrap().len(), promised.len(), "{name}");
        let of = |key: &str| view[key].as_array().cloned().unwrap_or_default();
        match name {
            "StepType" => {
                of("parameters").iter().for_each(|param| check(schemas, "Parameter", param));
                of("rules").iter().for_each(|rule| check(schemas, "Rule", rule));
                check(schemas, "Words", &view["category_title"]);
            }
            "Parameter" => {
                check(schemas, "ParameterKind", &view["kind"]);
                of("fields").iter().for_each(|field| check(schemas, "Parameter", field));
                if !view["show_when"].is_null() {
                    check(schemas, "ShowWhen", &view["show_when"]);
                }
            }
            "Rule" => check(schemas, "RuleKind", &view["kind"]),
            _ => (),
        }
    }

    #[test]
    fn the_document_describes_what_the_core_writes() {
        let document = serde_json::to_value(crate::routes::document()).unwrap();
        for kind in catalog::all() {
            check(&document["components"]["schemas"], "StepType", &catalog::view::step_type(kind));
        }
    }
}
