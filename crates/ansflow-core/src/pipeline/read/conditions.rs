//! `when` and `conditions`: what must hold for a step to run.

use globset::Glob;

use crate::diagnostic::Diagnostic;
use crate::pipeline::{Condition, StepCondition};
use crate::yaml::{Entry, Node};

use super::fields::Fields;
use super::problems::Problems;

/// A list of `{type, value}`.
pub(super) fn read(entry: &Entry, problems: &mut Problems) -> Vec<StepCondition> {
    if let Some(word) = entry.value.text() {
        let help = match KINDS.iter().any(|(kind, _)| *kind == word) {
            true => format!("write `conditions: [{{ type: {word} }}]`"),
            false => "an expression stands in `when`".to_owned(),
        };
        problems.wrong_type_with(&entry.value, "`conditions`", "a list of `{type, value}`", &help);
        return Vec::new();
    }
    let items = problems.list(&entry.value, "`conditions`", "`{type, value}`");
    items.iter().filter_map(|item| condition(item, problems)).collect()
}

fn condition(item: &Node, problems: &mut Problems) -> Option<StepCondition> {
    let mut fields = Fields::of(item, "a condition", problems)?;
    let kind = fields.take(&["type"], problems);
    let value = fields.take(&["value", "expression"], problems);
    fields.finish(problems);
    let Some(kind) = kind else {
        problems.add(Diagnostic::error("missing-key", item.span, "a condition has no `type`").help("add `type:`"));
        return None;
    };
    let build = problems.choice(&kind.value, "`type` of a condition", KINDS)?;
    match (build, value) {
        (Build::Plain(condition), None) => Some(StepCondition { condition: condition(), node: kind.value.clone() }),
        (Build::Plain(_), Some(value)) => {
            let word = kind.value.scalar().unwrap_or_default();
            problems.error("unknown-key", value.key.span, format!("condition `{word}` takes no `{}`", value.key.text));
            None
        }
        (Build::Of(_), None) => {
            let word = kind.value.scalar().unwrap_or_default();
            let problem = Diagnostic::error("missing-key", item.span, format!("condition `{word}` has no `value`"));
            problems.add(problem.help("add `value:`"));
            None
        }
        (Build::Of(condition), Some(value)) => {
            let text = problems.text(&value.value, "`value` of a condition")?;
            let condition = condition(text);
            if let Condition::BranchMatches(glob) = &condition
                && let Err(error) = Glob::new(glob)
            {
                problems.error("bad-glob", value.value.span, format!("`{glob}` is no pattern: {}", error.kind()));
            }
            Some(StepCondition { condition, node: value.value.clone() })
        }
    }
}

#[derive(Clone, Copy)]
enum Build {
    Plain(fn() -> Condition),
    Of(fn(String) -> Condition),
}

const KINDS: &[(&str, Build)] = &[
    ("branch_equals", Build::Of(Condition::BranchEquals)),
    ("branch_matches", Build::Of(Condition::BranchMatches)),
    ("environment_equals", Build::Of(Condition::EnvironmentEquals)),
    ("expression", Build::Of(Condition::Expression)),
    ("on_success", Build::Plain(|| Condition::OnSuccess)),
    ("on_failure", Build::Plain(|| Condition::OnFailure)),
    ("always", Build::Plain(|| Condition::Always)),
];
