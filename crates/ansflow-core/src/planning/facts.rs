//! Values that texts need and that nobody knows: the branch and the commit outside a git checkout, the environment.

use std::collections::HashMap;
use std::ops::Range;

use super::PlanFacts;
use super::by_now::ByNow;
use crate::diagnostic::Diagnostic;
use crate::pipeline::{EnvVar, Origin, Pipeline, Sequence, Step, Text, each_text};
use crate::plan::Plan;
use crate::template::Template;
use crate::yaml::Node;

/// One error for each text that needs such a value, in a step that may run.
pub(super) fn missing(pipeline: &Pipeline, sequence: &Sequence, plan: &Plan, facts: &PlanFacts) -> Vec<Diagnostic> {
    let unknown = Unknown::of(pipeline, plan, facts);
    if unknown.names.is_empty() {
        return Vec::new();
    }
    let by_now = ByNow::of(plan, facts);
    let mut checked_out = vec![false; sequence.shown.len()];
    let mut problems = Vec::new();
    let mut any_runs = false;
    for &place in &sequence.sorted {
        let step = &pipeline.steps[sequence.shown[place]];
        checked_out[place] = sequence.follows[place]
            .iter()
            .any(|other| checked_out[*other] || pipeline.steps[sequence.shown[*other]].kind.word == "git");
        if !by_now.skips(&plan.steps[place]) {
            any_runs |= !checked_out[place];
            texts(step, &mut |node, text| problems.extend(unknown.in_text(node, text, checked_out[place])));
        }
    }
    if any_runs {
        pipeline.image.iter().for_each(|image| problems.extend(unknown.in_text(&image.node, &image.text, false)));
        env(&pipeline.env, &mut |node, text| problems.extend(unknown.in_text(node, text, false)));
    }
    problems.sort_by_key(|problem| problem.span);
    problems
}

/// Names without a value, each with the fact behind it: itself, or what a late variable needs.
struct Unknown<'p> {
    names: HashMap<String, &'static str>,
    origin: &'p Origin,
}

impl<'p> Unknown<'p> {
    fn of(pipeline: &'p Pipeline, plan: &Plan, facts: &PlanFacts) -> Self {
        let candidates = [
            ("git_branch", facts.git_branch.is_none()),
            ("git_commit", facts.git_commit.is_none()),
            ("environment", true),
        ];
        let mut names: HashMap<String, &'static str> = candidates
            .into_iter()
            .filter(|(name, unknown)| *unknown && !plan.variables.contains_key(*name) && !plan.late.contains_key(*name))
            .map(|(name, _)| (name.to_owned(), name))
            .collect();
        // In the order of the plan each variable stands behind those it refers to.
        for name in plan.late.keys() {
            let Some(variable) = pipeline.variables.iter().find(|variable| variable.name.value == *name) else {
                continue;
            };
            let mut fact = None;
            each_text(&variable.value, &mut |_, text| fact = fact.or_else(|| Some(first(&names, text)?.0)));
            if let Some(fact) = fact {
                names.insert(name.clone(), fact);
            }
        }
        Self { names, origin: &pipeline.origin }
    }

    fn in_text(&self, node: &Node, text: &str, checked_out: bool) -> Option<Diagnostic> {
        let (fact, range) = first(&self.names, text).filter(|(fact, _)| !checked_out || *fact == "environment")?;
        let (message, help) = match fact {
            "environment" => (
                "the variable `environment` has no value".to_owned(),
                "give it with `--var environment=…`, or add it to `variables`".to_owned(),
            ),
            git => (format!("`{git}` has no value outside a git checkout"), format!("give it with `--var {git}=…`")),
        };
        // `NAME={{ value }}` in a list of the environment: the text is the end of its node.
        let before = node.text().map_or(0, |whole| whole.len().saturating_sub(text.len()));
        let span = self.origin.locate(node, before + range.start..before + range.end);
        Some(Diagnostic::error("no-value", span, message).help(help))
    }
}

/// The fact behind the first name in a text that has no value, and where that name stands.
fn first(names: &HashMap<String, &'static str>, text: &str) -> Option<(&'static str, Range<usize>)> {
    let template = Template::parse(text).ok()?;
    let mut uses = template.holes().flat_map(|(_, expr)| expr.names());
    uses.find_map(|name| {
        let fact = names.get(name.path.first()?).copied().filter(|_| !name.optional)?;
        Some((fact, name.range))
    })
}

/// Every text of a step that is filled when it starts.
fn texts(step: &Step, visit: &mut dyn FnMut(&Node, &str)) {
    env(&step.env, visit);
    let message = step.approval.as_ref().and_then(|approval| approval.message.as_ref());
    let texts: Vec<&Text> = step.artifacts.iter().chain(&step.working_directory).chain(message).collect();
    texts.into_iter().for_each(|text| visit(&text.node, &text.text));
    for setting in &step.params.settings {
        each_text(&setting.written, visit);
    }
}

fn env(env: &[EnvVar], visit: &mut dyn FnMut(&Node, &str)) {
    env.iter().for_each(|variable| visit(&variable.value.node, &variable.value.text));
}
