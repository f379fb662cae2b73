//! Laws over the whole catalogue: what forms, schema and validation take for granted.

use std::collections::BTreeSet;

use expect_test::expect;

use super::*;
use crate::{duration, yaml};

/// Every list of parameters with the place where it stands, maps within maps included.
fn tables() -> Vec<(String, &'static [Param])> {
    fn walk(place: String, params: &'static [Param], out: &mut Vec<(String, &'static [Param])>) {
        for param in params {
            if let ParamKind::Object(inner) | ParamKind::Objects(inner) = param.kind {
                walk(format!("{place}.{}", param.key), inner, out);
            }
        }
        out.push((place, params));
    }
    let mut out = Vec::new();
    for kind in all() {
        walk(kind.word.to_owned(), kind.params, &mut out);
    }
    out
}

fn check_params(law: impl Fn(&Param, &'static [Param]) -> bool) {
    let broken: Vec<String> = tables()
        .iter()
        .flat_map(|(place, params)| params.iter().map(move |param| (place, param, *params)))
        .filter(|(_, param, params)| !law(param, params))
        .map(|(place, param, _)| format!("{place}.{}", param.key))
        .collect();
    assert!(broken.is_empty(), "the law does not hold for {broken:?}");
}

fn check_types(law: impl Fn(&StepType) -> bool) {
    let broken: Vec<&str> = all().iter().filter(|kind| !law(kind)).map(|kind| kind.word).collect();
    assert!(broken.is_empty(), "the law does not hold for {broken:?}");
}

fn has_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

#[test]
fn a_word_means_one_type_or_is_refused() {
    let mut seen = BTreeSet::new();
    let words = all().iter().flat_map(|kind| std::iter::once(&kind.word).chain(kind.aliases));
    for word in words.chain(replaced::REPLACED.iter().map(|(word, _)| word)) {
        assert!(seen.insert(word), "`{word}` has two meanings");
    }
}

#[test]
fn a_key_means_one_parameter_or_is_refused() {
    for (place, params) in tables() {
        let mut seen = BTreeSet::new();
        for key in params.iter().flat_map(|param| std::iter::once(&param.key).chain(param.aliases)) {
            assert!(seen.insert(*key), "`{key}` of {place} has two meanings");
        }
        if let Some(kind) = find(&place) {
            for (key, _) in kind.refused {
                assert!(seen.insert(key), "`{key}` of {place} is taken and refused");
            }
        }
    }
}

#[test]
fn keys_are_words_of_yaml() {
    check_params(|param, _| {
        let mut keys = std::iter::once(&param.key).chain(param.aliases);
        keys.all(|key| {
            !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        })
    });
}

#[test]
fn every_text_is_there_in_both_languages() {
    check_params(|param, _| !param.title.is_empty() && !param.help.is_empty() && !param.title_zh.is_empty());
    check_params(|param, _| has_chinese(param.help_zh) && !has_chinese(param.help));
    check_types(|kind| has_chinese(kind.title_zh) && has_chinese(kind.summary_zh));
    check_types(|kind| !kind.title.is_empty() && !kind.summary.is_empty());
}

#[test]
fn helps_are_fragments() {
    check_params(|param, _| !param.help.ends_with('.') && !param.help_zh.ends_with('。'));
    check_types(|kind| !kind.summary.ends_with('.') && !kind.summary_zh.ends_with('。'));
}

#[test]
fn priorities_are_from_one_to_ten_and_something_comes_first() {
    check_params(|param, _| (1..=10).contains(&param.priority));
    for (place, params) in tables() {
        assert!(params.iter().any(|param| param.priority == 1), "nothing comes first in {place}");
    }
}

#[test]
fn a_default_is_a_value_of_its_kind() {
    check_params(|param, _| param.default.is_none_or(|default| is_value(param, default)));
}

#[test]
fn what_is_not_filled_by_a_default_shows_an_example() {
    check_params(|param, _| param.default.is_some() || param.example.is_some());
}

#[test]
fn a_required_parameter_has_a_default_only_where_it_would_be_inherited() {
    check_params(|param, _| !param.required || param.default.is_none() || param.inherits.is_some());
}

#[test]
fn show_when_names_a_choice_that_is_known_before_anything_runs() {
    check_params(|param, params| {
        param.show_when.is_none_or(|(key, values)| {
            params.iter().any(|other| {
                let ParamKind::Choice(words) = other.kind else { return false };
                other.key == key && !other.templated && values.iter().all(|value| words.contains(value))
            })
        })
    });
}

#[test]
fn only_durations_have_limits_in_seconds() {
    check_params(|param, _| {
        param.seconds.is_none_or(|(min, max)| matches!(param.kind, ParamKind::Duration) && min <= max)
    });
}

#[test]
fn ranges_are_not_empty() {
    check_params(|param, _| match param.kind {
        ParamKind::Int { min, max } => min <= max,
        ParamKind::Choice(words) => words.len() > 1,
        ParamKind::Object(params) | ParamKind::Objects(params) => !params.is_empty(),
        _ => true,
    });
}

#[test]
fn rules_speak_of_parameters() {
    check_types(|kind| {
        let known = |key: &&str| kind.params.iter().any(|param| param.key == *key);
        kind.rules.iter().all(|rule| rule.keys().len() > 1 && rule.keys().iter().all(known))
    });
}

#[test]
fn every_type_has_examples_of_itself() {
    check_types(|kind| !kind.examples.is_empty());
    check_types(|kind| {
        kind.examples.iter().all(|example| {
            let (node, problems) = yaml::read(example.as_bytes());
            let step = node.filter(|_| problems.is_empty());
            step.is_some_and(|step| {
                step.get("name").is_some() && step.get("type").and_then(yaml::Node::text) == Some(kind.word)
            })
        })
    });
}

#[test]
fn replacements_name_what_exists() {
    let advice = replaced::REPLACED.iter().chain(all().iter().flat_map(|kind| kind.refused));
    for (word, sentence) in advice {
        assert!(sentence.contains('`'), "the advice for `{word}` names nothing: {sentence}");
        assert!(!sentence.ends_with('.'), "the advice for `{word}` is no fragment: {sentence}");
    }
}

#[test]
fn what_may_stand_on_a_step_is_known_to_some_type() {
    for key in ON_STEP {
        assert!(all().iter().any(|kind| kind.param(key).is_some()), "no type takes `{key}`");
    }
}

#[test]
fn types_are_found_by_word_and_alias() {
    let find = |word: &str| super::find(word).map(|kind| kind.word);
    assert_eq!(find("command"), Some("command"));
    assert_eq!(find("fetch_code"), Some("git"));
    assert_eq!(find("build"), None);
    assert_eq!(replacement("artifact_upload"), Some("use `artifacts:` on the step that makes the files"));
    assert_eq!(replacement("command"), None);
}

#[test]
fn the_catalogue_at_a_glance() {
    let line = |kind: &StepType| {
        let runs = kind.unavailable.unwrap_or("runs");
        let params = kind.params.iter().map(|param| format!("{}{}", param.key, if param.required { "*" } else { "" }));
        format!("{} ({runs}): {}", kind.word, params.collect::<Vec<_>>().join(" "))
    };
    let lines: Vec<String> = all().iter().map(line).collect();
    expect![[r#"
        command (runs): command* shell image cluster namespace service_account resources workspace node_selector run_as_user
        script (runs): script path args shell image cluster namespace service_account resources workspace node_selector run_as_user
        git (runs): repository* ref path depth submodules username password ssh_key known_hosts
        ansible (runs): playbook* inventory extra_vars limit tags skip_tags become check_mode verbose user private_key vault_password
        approval (runs): approvers required timeout message
        notify (runs): message channel webhook_url signing_secret to title
        docker_build (runs): image* tag dockerfile context build_args secrets target_stage platform no_cache pull labels cache_from registry registry_url project username password
        docker_run (runs): image* tag command entrypoint environment volumes ports working_dir name network user memory cpus detach remove pull mount_workspace platform registry registry_url project username password
        docker_push (runs): image* tag registry registry_url project username password all_tags platform
        docker_pull (runs): image* tag registry registry_url project username password all_tags platform
        k8s_deploy (runs): cluster* namespace deploy_type resource_name manifest_path manifest_content deployment_spec wait_for_rollout rollback_on_failure prune force_conflicts recreate_immutable template chart_name release_name chart_repo chart_version values_files custom_values set helm_upgrade helm_wait helm_atomic timeout dry_run create_namespace
        k8s_scale (runs): cluster* namespace resource_name* replicas* resource_type current wait_for_rollout timeout
        k8s_delete (runs): cluster* namespace resource_name resource_type resource_names selector manifest_path manifest_content ignore_not_found force_delete propagation wait timeout template
        k8s_wait (runs): cluster* namespace resource_name resource_type condition for resource_names selector any timeout
        k8s_exec (runs): cluster* namespace command* pod_selector pod resource_name container stdin tty timeout
        k8s_logs (runs): cluster* namespace pod_selector pod resource_name container tail_lines since_seconds follow previous until all_containers timestamps timeout"#]].assert_eq(&lines.join("\n"));
}

/// Whether the text is a value of the parameter's kind.
fn is_value(param: &Param, text: &str) -> bool {
    match param.kind {
        ParamKind::Bool => matches!(text, "true" | "false"),
        ParamKind::Int { min, max } => text.parse().is_ok_and(|number: i64| (min..=max).contains(&number)),
        ParamKind::Duration => duration::parse(text)
            .is_ok_and(|ms| param.seconds.is_none_or(|(min, max)| (min * 1000..=max * 1000).contains(&ms))),
        ParamKind::Choice(words) | ParamKind::KindWord(words) => words.contains(&text),
        ParamKind::Name => text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
        ParamKind::Text | ParamKind::Multiline | ParamKind::Code | ParamKind::Path | ParamKind::Reference => {
            !text.is_empty()
        }
        ParamKind::Words
        | ParamKind::TextList
        | ParamKind::TextMap
        | ParamKind::Ports
        | ParamKind::Volumes
        | ParamKind::Yaml
        | ParamKind::Manifests
        | ParamKind::Object(_)
        | ParamKind::Objects(_) => false,
    }
}
