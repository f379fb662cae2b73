//! One step, in all shapes.

use crate::catalog::{self, Category, StepType};
use crate::diagnostic::{Diagnostic, Span};
use crate::pipeline::{Spanned, Step, Text};
use crate::yaml::{Entry, Node, Value};

use super::fields::Fields;
use super::problems::{Problems, did_you_mean, short};
use super::{conditions, params, settings};

/// The keys of a step that are no parameters.
pub(super) const KEYS: &[&str] = &[
    "name",
    "type",
    "description",
    "order",
    "needs",
    "parallel_group",
    "when",
    "conditions",
    "retry",
    "retry_policy",
    "timeout",
    "timeout_seconds",
    "approval",
    "continue_on_failure",
    "env",
    "environment",
    "environment_vars",
    "working_directory",
    "artifacts",
    "cache",
];

pub(super) fn read(item: &Node, stage: Option<usize>, number: usize, problems: &mut Problems) -> Option<Step> {
    let mut fields = Fields::of(item, format!("step {number}"), problems)?;
    let here = Span { start: item.span.start, end: item.span.start };
    let name = match fields.take(&["name"], problems) {
        Some(entry) => problems.name(&entry.value, "`name` of a step"),
        None => {
            let problem = Diagnostic::error("missing-name", here, format!("step {number} has no `name`"));
            problems.add(problem.help("add `name:`"));
            None
        }
    };
    let what = name.as_ref().map_or_else(|| format!("step {number}"), |name| format!("step `{}`", name.value));
    let name = name.unwrap_or_else(|| Spanned::new(format!("step {number}"), here));
    fields.rename(&what);
    let kind = kind(fields.take(&["type"], problems), &what, here, problems);

    let order = fields.take(&["order"], problems);
    let order = order.and_then(|entry| problems.integer(&entry.value, "`order`", -1_000_000_000, 1_000_000_000));
    let needs = fields.take(&["needs"], problems).map(|entry| needs(entry, problems));
    let group = fields.take(&["parallel_group"], problems);
    let group = group.and_then(|entry| problems.name(&entry.value, "`parallel_group`"));
    let when = fields.take(&["when"], problems).and_then(|entry| problems.text_node(&entry.value, "`when`"));
    let conditions = fields.take(&["conditions"], problems).map(|entry| conditions::read(entry, problems));
    let retry = fields.take(&["retry", "retry_policy"], problems).and_then(|entry| settings::retry(entry, problems));
    let timeout_ms = fields
        .take(settings::TIMEOUT, problems)
        .and_then(|entry| problems.duration(&entry.value, &format!("`{}`", entry.key.text)));
    let approval = fields.take(&["approval"], problems).and_then(|entry| settings::approval(entry, problems));
    let continue_on_failure = fields
        .take(&["continue_on_failure"], problems)
        .and_then(|entry| problems.boolean(&entry.value, "`continue_on_failure`"));
    let env = fields.take(settings::ENV, problems).map(|entry| settings::env(entry, problems));
    let working_directory = fields.take(&["working_directory"], problems).and_then(|entry| directory(entry, problems));
    let artifacts = fields.take(&["artifacts"], problems).map(|entry| problems.texts(&entry.value, "`artifacts`"));
    let cache = fields.take(&["cache"], problems).map(|entry| settings::cache(entry, problems));
    let description =
        fields.take(&["description"], problems).and_then(|entry| problems.text(&entry.value, "`description`"));
    let params = match kind {
        Some(kind) => params::read(&mut fields, kind, &what, problems),
        None => {
            // What its parameters are nobody can say.
            for key in params::CONTAINERS.iter().chain(catalog::ON_STEP) {
                fields.take(&[key], problems);
            }
            params::Params::default()
        }
    };
    fields.finish(problems);
    let approval = match kind {
        Some(kind) if kind.category == Category::Approval => {
            if approval.is_some() {
                let message = format!("{what} is an approval, and has `approval` besides");
                problems.add(Diagnostic::error("given-twice", name.span, message).help("keep the one under `config`"));
            }
            Some(settings::approval_of(&params, problems))
        }
        _ => approval,
    };
    Some(Step {
        name,
        kind: kind.unwrap_or(&UNKNOWN),
        description,
        stage,
        order,
        needs,
        group,
        when,
        conditions: conditions.unwrap_or_default(),
        retry,
        timeout_ms,
        approval,
        continue_on_failure: continue_on_failure.unwrap_or_default(),
        env: env.unwrap_or_default(),
        working_directory,
        artifacts: artifacts.unwrap_or_default(),
        cache: cache.unwrap_or_default(),
        params,
        span: item.span,
    })
}

/// Stands in for a type that nobody knows, so that the rest of the step is read too. Such a pipeline is refused.
static UNKNOWN: StepType = StepType {
    word: "unknown",
    aliases: &[],
    title: "",
    title_zh: "",
    summary: "",
    summary_zh: "",
    category: Category::Shell,
    unavailable: None,
    params: &[],
    rules: &[],
    refused: &[],
    examples: &[],
};

fn kind(entry: Option<&Entry>, what: &str, here: Span, problems: &mut Problems) -> Option<&'static StepType> {
    let Some(entry) = entry else {
        let problem = Diagnostic::error("missing-type", here, format!("{what} has no `type`"));
        problems.add(problem.help("add `type:`, such as `type: command`"));
        return None;
    };
    let word = problems.text(&entry.value, "`type`")?;
    let found = catalog::find(&word);
    if found.is_none() {
        let message = format!("there is no step type `{}`", short(&word));
        let mut problem = Diagnostic::error("unknown-type", entry.value.span, message);
        let words =
            catalog::all().iter().flat_map(|kind| std::iter::once(kind.word).chain(kind.aliases.iter().copied()));
        let known = || catalog::all().iter().map(|kind| kind.word).collect::<Vec<_>>().join(", ");
        problem.help = Some(match catalog::replacement(&word) {
            Some(instead) => instead.to_owned(),
            None => did_you_mean(&word, words)
                .map_or_else(|| format!("known types: {}", known()), |near| near.trim_end().to_owned()),
        });
        problems.add(problem);
    }
    found
}

/// A list of names; one name is a list of one.
fn needs(entry: &Entry, problems: &mut Problems) -> Vec<Spanned<String>> {
    if matches!(entry.value.value, Value::Null) {
        let problem = Diagnostic::error("wrong-type", entry.key.span, "`needs` is empty");
        problems.add(problem.help("write `needs: []` for a step that starts at once, or leave it out"));
        return Vec::new();
    }
    let texts = problems.texts(&entry.value, "`needs`");
    let mut needs: Vec<Spanned<String>> = Vec::new();
    for text in texts {
        if !needs.iter().any(|need| need.value == text.text) {
            needs.push(Spanned::new(text.text, text.node.span));
        }
    }
    needs
}

/// A path below the workspace. What stands in its holes, and whether an absolute path lies in the workspace, is known
/// when the step starts.
fn directory(entry: &Entry, problems: &mut Problems) -> Option<Text> {
    let text = problems.text_node(&entry.value, "`working_directory`")?;
    let open = text.text.contains("{{") || text.text.starts_with('/');
    if let Err(why) = crate::resolve::directory::inside(&text.text)
        && !open
    {
        let problem = Diagnostic::error("bad-path", entry.value.span, format!("`working_directory` {why}"));
        problems.add(problem.help("write a path below the workspace, such as `services/api`"));
    }
    Some(text)
}
