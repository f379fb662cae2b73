//! The top of a file: the pipeline's own keys, in all shapes.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Span};
use crate::pipeline::{Group, GroupPolicy, Pipeline, PipelineKind, Spanned, Step, Variable};
use crate::yaml::{Node, Value};

use super::fields::Fields;
use super::problems::Problems;
use super::{settings, step, triggers, values};

pub(super) fn read(node: &Node, file_stem: &str, problems: &mut Problems) -> Option<Pipeline> {
    if matches!(node.value, Value::Null) {
        problems.add(no_steps(node.span));
        return None;
    }
    let mut fields = Fields::of(node, "the file", problems)?;
    if let Some(inner) = fields.take(&["pipeline"], problems) {
        fields.rename("the file, beside `pipeline`,");
        fields.finish(problems);
        return pipeline(Fields::of(&inner.value, "the pipeline", problems)?, inner.value.span, file_stem, problems);
    }
    fields.rename("the pipeline");
    pipeline(fields, node.span, file_stem, problems)
}

fn pipeline(mut fields: Fields<'_>, span: Span, file_stem: &str, problems: &mut Problems) -> Option<Pipeline> {
    let name = fields.take(&["name"], problems).and_then(|entry| problems.name(&entry.value, "`name`"));
    let description =
        fields.take(&["description"], problems).and_then(|entry| problems.text(&entry.value, "`description`"));
    let kind = fields.take(&["type", "execution_mode"], problems).and_then(|entry| {
        let words = PipelineKind::ALL.map(|kind| (kind.as_str(), kind));
        problems.choice(&entry.value, &format!("`{}` of the pipeline", entry.key.text), &words)
    });
    let image = fields.take(&["image", "docker_image"], problems).and_then(|entry| values::image(entry, problems));
    let variables = fields.take(&["variables"], problems).map(|entry| variables(&entry.value, problems));
    let env = fields.take(settings::ENV, problems).map(|entry| settings::env(entry, problems));
    let triggers = fields.take(&["triggers"], problems).map(|entry| triggers::read(&entry.value, problems));
    let timeout = fields
        .take(settings::TIMEOUT, problems)
        .and_then(|entry| problems.duration(&entry.value, &format!("`{}`", entry.key.text)));
    let groups = fields.take(&["parallel_groups"], problems).map(|entry| groups(&entry.value, problems));
    let (flat, staged) = (fields.take(&["steps"], problems), fields.take(&["stages"], problems));
    fields.finish(problems);

    let (mut stages, mut steps) = (Vec::new(), Vec::new());
    match (flat, staged) {
        (Some(flat), Some(staged)) => {
            let (first, second) = if flat.key.span < staged.key.span { (flat, staged) } else { (staged, flat) };
            let message = format!(
                "a pipeline has `steps` or `stages`, and `{}` is already given on line {}",
                first.key.text, first.key.span.start.line
            );
            problems
                .add(Diagnostic::error("given-twice", second.key.span, message).help("move the steps into a stage"));
            read_steps(&flat.value, None, &mut steps, problems);
        }
        (Some(flat), None) => {
            read_steps(&flat.value, None, &mut steps, problems);
            if is_empty(&flat.value) {
                problems.add(no_steps(flat.key.span));
            }
        }
        (None, Some(staged)) => {
            read_stages(&staged.value, &mut stages, &mut steps, problems);
            if is_empty(&staged.value) {
                problems.add(no_steps(staged.key.span));
            }
        }
        (None, None) => problems.add(no_steps(Span { start: span.start, end: span.start })),
    }
    twice(&steps, "step", "duplicate-step", |step: &Step| &step.name, problems);
    Some(Pipeline {
        name: name.unwrap_or_else(|| Spanned::new(file_stem.to_owned(), Span::default())),
        description,
        kind: kind.unwrap_or_default(),
        image,
        variables: variables.unwrap_or_default(),
        env: env.unwrap_or_default(),
        triggers: triggers.unwrap_or_default(),
        timeout_ms: timeout,
        groups: groups.unwrap_or_default(),
        stages,
        steps,
        origin: problems.origin(),
    })
}

fn no_steps(span: Span) -> Diagnostic {
    Diagnostic::error("no-steps", span, "the pipeline has no steps")
        .help("add `steps:` with at least one step, such as `- { name: hello, type: command, command: echo hello }`")
}

fn is_empty(list: &Node) -> bool {
    match &list.value {
        Value::List(items) => items.is_empty(),
        Value::Null => true,
        Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) | Value::Map(_) => false,
    }
}

fn read_steps(node: &Node, stage: Option<usize>, steps: &mut Vec<Step>, problems: &mut Problems) {
    for item in problems.list(node, "`steps`", "steps") {
        steps.extend(step::read(item, stage, steps.len() + 1, problems));
    }
}

fn read_stages(node: &Node, stages: &mut Vec<Spanned<String>>, steps: &mut Vec<Step>, problems: &mut Problems) {
    for item in problems.list(node, "`stages`", "stages") {
        let Some(mut fields) = Fields::of(item, "a stage", problems) else { continue };
        let name = match fields.take(&["name"], problems) {
            Some(entry) => problems.name(&entry.value, "`name` of a stage"),
            None => {
                let span = Span { start: item.span.start, end: item.span.start };
                problems.add(Diagnostic::error("missing-name", span, "a stage has no `name`").help("add `name:`"));
                None
            }
        };
        let name = name.unwrap_or_else(|| Spanned::new(format!("stage {}", stages.len() + 1), item.span));
        fields.rename(format!("stage `{}`", name.value));
        match fields.take(&["steps"], problems) {
            Some(entry) => {
                if is_empty(&entry.value) {
                    problems.error("empty-stage", entry.key.span, format!("stage `{}` has no steps", name.value));
                }
                read_steps(&entry.value, Some(stages.len()), steps, problems);
            }
            None => problems.error("empty-stage", name.span, format!("stage `{}` has no steps", name.value)),
        }
        fields.finish(problems);
        stages.push(name);
    }
    twice(stages, "stage", "duplicate-stage", |name| name, problems);
}

/// Names each thing whose name an earlier one has.
fn twice<T>(
    things: &[T],
    what: &str,
    code: &'static str,
    name: impl Fn(&T) -> &Spanned<String>,
    problems: &mut Problems,
) {
    let mut seen: HashMap<&str, Span> = HashMap::new();
    for thing in things {
        let name = name(thing);
        if let Some(first) = seen.get(name.as_str()) {
            let message = format!(
                "{what} `{}` on line {} has the name of the {what} on line {}",
                name.value, name.span.start.line, first.start.line
            );
            problems.add(Diagnostic::error(code, name.span, message).help("give one of them another name"));
        } else {
            seen.insert(name.as_str(), name.span);
        }
    }
}

fn variables(node: &Node, problems: &mut Problems) -> Vec<Variable> {
    match &node.value {
        Value::Map(entries) => entries
            .iter()
            .map(|entry| Variable {
                name: Spanned::new(entry.key.text.clone(), entry.key.span),
                value: entry.value.clone(),
            })
            .collect(),
        Value::Null => Vec::new(),
        Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) | Value::List(_) => {
            problems.wrong_type(node, "`variables`", "a map");
            Vec::new()
        }
    }
}

fn groups(node: &Node, problems: &mut Problems) -> Vec<Group> {
    let Value::Map(entries) = &node.value else {
        if !matches!(node.value, Value::Null) {
            problems.wrong_type(node, "`parallel_groups`", "a map");
        }
        return Vec::new();
    };
    let mut groups: Vec<Group> = Vec::new();
    for entry in entries {
        let what = format!("parallel group `{}`", entry.key.text);
        let Some(mut fields) = Fields::of(&entry.value, what, problems) else { continue };
        let policies = [
            ("wait_all", GroupPolicy::WaitAll),
            ("wait_any", GroupPolicy::WaitAny),
            ("fail_fast", GroupPolicy::FailFast),
        ];
        let policy = fields
            .take(&["policy", "sync_policy"], problems)
            .and_then(|entry| problems.choice(&entry.value, "`policy`", &policies));
        let timeout = fields
            .take(settings::TIMEOUT, problems)
            .and_then(|entry| problems.duration(&entry.value, &format!("`{}`", entry.key.text)));
        fields.finish(problems);
        groups.push(Group {
            name: Spanned::new(entry.key.text.clone(), entry.key.span),
            policy: policy.unwrap_or_default(),
            timeout_ms: timeout,
        });
    }
    groups
}
