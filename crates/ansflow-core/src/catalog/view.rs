//! The catalogue as JSON, the same for `ansflow steps -o json` and for the server: what a form needs to know.
//!
//! Every key is there in every entry; what an entry does not have is null.

use serde_json::{Value as Json, json};

use super::{Inherit, ON_STEP, Param, ParamKind, Rule, StepType};

/// A type of step with its parameters and rules.
#[must_use]
pub fn step_type(kind: &StepType) -> Json {
    json!({
        "type": kind.word, "aliases": kind.aliases,
        "category": kind.category.as_str(),
        "category_title": { "en": kind.category.title(), "zh": kind.category.title_zh() },
        "title": { "en": kind.title, "zh": kind.title_zh },
        "summary": { "en": kind.summary, "zh": kind.summary_zh },
        "available": kind.unavailable.is_none(), "unavailable": kind.unavailable,
        "parameters": kind.params.iter().map(|param| parameter(param, &on_step(param))).collect::<Vec<_>>(),
        "rules": kind.rules.iter().map(|rule| self::rule(*rule)).collect::<Vec<_>>(),
        "examples": kind.examples,
        "config_key": kind.category.config_key(),
    })
}

/// `on_step`: the keys under which it may stand on the step itself.
fn parameter(param: &Param, on_step: &[&'static str]) -> Json {
    let (choices, range, fields) = match param.kind {
        ParamKind::Choice(words) | ParamKind::KindWord(words) => (Some(words), None, None),
        ParamKind::Int { min, max } => (None, Some((min, max)), None),
        ParamKind::Object(fields) | ParamKind::Objects(fields) => (None, None, Some(fields)),
        ParamKind::Text
        | ParamKind::Multiline
        | ParamKind::Code
        | ParamKind::Path
        | ParamKind::Name
        | ParamKind::Reference
        | ParamKind::Bool
        | ParamKind::Duration
        | ParamKind::Words
        | ParamKind::TextList
        | ParamKind::TextMap
        | ParamKind::Ports
        | ParamKind::Volumes
        | ParamKind::Yaml
        | ParamKind::Manifests => (None, None, None),
    };
    // What stands in a map never stands on the step.
    let fields = fields.map(|fields| fields.iter().map(|field| parameter(field, &[])).collect::<Vec<_>>());
    json!({
        "key": param.key, "aliases": param.aliases, "kind": param.kind.word(), "required": param.required,
        "default": param.default, "priority": param.priority, "templated": param.templated, "secret": param.secret,
        "title": { "en": param.title, "zh": param.title_zh }, "help": { "en": param.help, "zh": param.help_zh },
        "example": param.example, "inherits": param.inherits.map(inherited), "on_step": on_step,
        "show_when": param.show_when.map(|(key, values)| json!({ "parameter": key, "one_of": values })),
        "choices": choices, "min": range.map(|(min, _)| min), "max": range.map(|(_, max)| max), "fields": fields,
    })
}

fn on_step(param: &Param) -> Vec<&'static str> {
    ON_STEP.iter().copied().filter(|key| param.key == *key || param.aliases.contains(key)).collect()
}

fn rule(rule: Rule) -> Json {
    let kind = match rule {
        Rule::OneOf(_) => "one_of",
        Rule::AnyOf(_) => "any_of",
        Rule::NotBoth(_, _) => "not_both",
        Rule::Wins(_, _) => "wins",
        Rule::OnlyWith(_, _) => "only_with",
    };
    json!({ "kind": kind, "parameters": rule.keys() })
}

fn inherited(what: Inherit) -> &'static str {
    match what {
        Inherit::Cluster => "cluster",
        Inherit::Namespace => "namespace",
        Inherit::ResourceName => "resource_name",
        Inherit::Image => "image",
        Inherit::Registry => "registry",
    }
}

#[cfg(test)]
mod tests {
    use super::super::{all, find};
    use super::*;

    fn of<'v>(view: &'v Json, key: &str) -> &'v Json {
        view["parameters"].as_array().unwrap().iter().find(|param| param["key"] == key).unwrap()
    }

    #[test]
    fn a_parameter_says_where_it_may_stand_and_what_it_takes() {
        let deploy = step_type(find("k8s_deploy").unwrap());
        assert_eq!(of(&deploy, "cluster")["on_step"], json!(["k8s_cluster"]));
        assert_eq!(of(&deploy, "cluster")["inherits"], "cluster");
        assert_eq!(of(&deploy, "deploy_type")["choices"], json!(["manifest", "helm"]));
        let image = &of(&deploy, "deployment_spec")["fields"][1];
        assert_eq!((&image["aliases"][1], &image["on_step"]), (&json!("docker_image"), &json!([])));
        assert_eq!((&deploy["config_key"], &deploy["rules"][0]["kind"]), (&json!("k8s_config"), &json!("wins")));
        assert_eq!(of(&step_type(find("k8s_scale").unwrap()), "replicas")["max"], 100);
    }

    #[test]
    fn every_key_is_in_every_entry() {
        fn keys(view: &Json) -> Vec<&String> {
            view.as_object().unwrap().keys().collect()
        }
        let views: Vec<Json> = all().iter().map(step_type).collect();
        let first = &views[0]["parameters"][0];
        for view in &views {
            assert_eq!(keys(view), keys(&views[0]));
            let mut open: Vec<&Json> = view["parameters"].as_array().unwrap().iter().collect();
            while let Some(param) = open.pop() {
                assert_eq!(keys(param), keys(first));
                open.extend(param["fields"].as_array().into_iter().flatten());
            }
        }
    }
}
