//! `parse(print(p)) == p`, for pipelines over the whole catalogue and all features.

use proptest::prelude::*;

use super::super::print;
use super::{read, right, shown};
use crate::catalog;

/// What is printed means the same, and prints the same.
fn check(text: &str) {
    let pipeline = right(text);
    let printed = print(&pipeline);
    let (again, problems) = read(&printed);
    let again = again.unwrap_or_else(|| panic!("{}in\n{printed}", shown(&problems)));
    assert!(again == pipeline, "not the same:\n{text}\nbecame\n{printed}");
    assert_eq!(print(&again), printed);
}

#[test]
fn every_example_of_the_catalogue() {
    for kind in catalog::all() {
        for example in kind.examples {
            // Given cluster and image, so that examples which inherit them stand alone.
            let first = "  - { name: first, type: docker_build, config: { image: shop, registry: r } }\n  - { name: second, type: k8s_deploy, config: { cluster: c, namespace: n, resource_name: r } }\n";
            check(&format!("steps:\n{first}  - {}\n", example.trim_end().replace('\n', "\n    ")));
        }
    }
}

/// Texts that YAML readers like to misread.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,8}",
        "\\PC{1,12}",
        prop::sample::select(vec![
            "true",
            "no",
            "~",
            "null",
            "1.0",
            "0x1f",
            "1e5",
            "- a",
            "a: b",
            "a #b",
            "# a",
            "'",
            "\"",
            "\\",
            "*a",
            "&a",
            "!a",
            "|",
            ">",
            "%",
            "@",
            "`",
            "{",
            "[",
            " a",
            "a ",
            "a\n",
            "a\nb",
            "a\n\nb\n",
            "\na",
            " a\nb",
            "a\nb\n\n",
            "a\tb\nc",
            "a\n  b\n",
            "a \nb",
            "=",
            "---",
            "...",
            "? a",
            ": a",
            "12:30",
            "\u{85}",
            "\u{2028}",
            "\u{feff}",
            "\u{7}a",
            "构建",
            "<<",
            "a\r\nb",
            "yes",
            "2020-01-01",
            "0777",
            "+1",
            ".inf",
            "a\n---\nb",
            "a\n...\nb",
        ])
        .prop_map(str::to_owned),
    ]
    .prop_filter("a hole is another test", |text| !text.contains("{{"))
}

fn name() -> impl Strategy<Value = String> {
    text().prop_filter("a name", |text| !text.trim().is_empty() && !text.contains(char::is_control))
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text)
        .expect("a text")
        .replace('\u{7f}', "\\u007f")
        .replace('\u{85}', "\\u0085")
        .replace('\u{feff}', "\\ufeff")
}

/// A line of a step: everything that a step may have.
fn feature() -> impl Strategy<Value = String> {
    prop_oneof![
        text().prop_map(|text| format!("description: {}", quoted(&text))),
        text().prop_map(|text| format!("env: {{ A: {}, B: '{{{{ build_number }}}}' }}", quoted(&text))),
        (1..9_u32, 0..9_u32, prop::sample::select(vec!["fixed", "linear", "exponential"])).prop_map(
            |(n, s, b)| format!(
                "retry: {{ attempts: {n}, delay: {s}s, backoff: {b}, max_delay: 1m, on: [lost, failed] }}"
            )
        ),
        (1..100_000_u32).prop_map(|n| format!("timeout: {n}ms")),
        (-5..5_i32).prop_map(|n| format!("order: {n}")),
        (1..3_u32, text()).prop_map(|(n, text)| format!(
            "approval: {{ approvers: [a, b], required: {n}, timeout: 24h, message: {} }}",
            quoted(&text)
        )),
        text().prop_map(|text| format!("artifacts: [{}, 'dist/*']", quoted(&text))),
        text().prop_map(|text| format!("cache: [{{ key: k, paths: [{}] }}]", quoted(&text))),
        text().prop_map(|text| format!(
            "conditions: [{{ type: branch_equals, value: {} }}, {{ type: always }}]",
            quoted(&text)
        )),
        prop::sample::select(vec![
            "when: git_branch == 'a'",
            "needs: []",
            "parallel_group: g",
            "continue_on_failure: true"
        ])
        .prop_map(str::to_owned),
        Just("working_directory: a/b".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_pipeline_holds(
        title in name(),
        variables in prop::collection::btree_map("[a-z]{3,6}", text(), 0..4),
        steps in prop::collection::btree_map(name(), (text(), prop::collection::vec(feature(), 0..4)), 1..5),
        staged in any::<bool>(),
    ) {
        let mut out = format!("name: {}\ntype: hybrid\ntimeout: 90s\n", quoted(&title));
        out.push_str("triggers: [{ type: schedule, cron: '*/5 0 * * 1-5', timezone: Asia/Shanghai }, { type: webhook, branches: [main] }, { type: api }]\n");
        out.push_str("parallel_groups: { g: { policy: fail_fast, timeout: 10m } }\n");
        if !variables.is_empty() {
            out.push_str("variables:\n");
        }
        for (key, value) in &variables {
            out.push_str(&format!("  v{key}: [{}, 1.5, true, ~, {{ a: [] }}]\n", quoted(value)));
        }
        out.push_str(if staged { "stages:\n- name: one\n  steps:\n" } else { "steps:\n" });
        for (name, (command, features)) in &steps {
            let mut seen = std::collections::BTreeSet::new();
            let command = if command.trim().is_empty() { "x" } else { command };
            out.push_str(&format!("  - name: {}\n    type: command\n    command: {}\n", quoted(name), quoted(command)));
            for feature in features {
                if seen.insert(feature.split(':').next()) {
                    out.push_str(&format!("    {feature}\n"));
                }
            }
        }
        check(&out);
    }
}
