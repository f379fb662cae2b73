//! What can be known of a step before it starts: its values as far as they are known, and the secrets it will ask for.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use crate::expr::Lookup;
use crate::plan::{Plan, StepIndex};
use crate::planning::{self, PlanFacts};
use crate::run::{Run, Verdict};
use crate::template::Template;
use crate::variables;

/// A step's parameters with every value put in that is known by now. What is not known yet stays as it was written:
/// `{{ steps.build.outputs.tag }}`, secrets and the environment always.
#[must_use]
pub fn params(run: &Run, step: StepIndex) -> Map<String, Json> {
    let known = |path: &[String]| before_the_run(run, step, path);
    let params = &run.plan().steps[step].params;
    params.iter().map(|(key, value)| (key.clone(), fill(value, &known))).collect()
}

/// The same for any text of a step.
#[must_use]
pub fn text(run: &Run, step: StepIndex, text: &str) -> String {
    fill_text(text, &|path| before_the_run(run, step, path))
}

/// What people are told who are asked before a step of a run that goes on. Secrets and the environment stay as written.
#[must_use]
pub fn message(run: &Run, step: StepIndex) -> Option<String> {
    let message = run.plan().steps[step].approval.as_ref()?.message.as_ref()?;
    Some(fill_text(message, &|path| run.lookup(step, path)))
}

/// What every run of this plan would find under a name.
fn before_the_run(run: &Run, step: StepIndex, path: &[String]) -> Lookup {
    variables::lookup(run.plan(), path, &|path| {
        let name = path.first().map(String::as_str).unwrap_or_default();
        if run.plan().variables.contains_key(name) || !depends_on_the_run(run, step, path) {
            return run.lookup(step, path);
        }
        Lookup::Absent("not known before the step starts".to_owned())
    })
}

fn depends_on_the_run(run: &Run, step: StepIndex, path: &[String]) -> bool {
    let words: Vec<&str> = path.iter().map(String::as_str).collect();
    match words[..] {
        ["env" | "secrets" | "build_number" | "run", ..] | ["pipeline", "build_number"] => true,
        // Every step starts where the steps before it have ended.
        ["working_directory"] => {
            let step = &run.plan().steps[step];
            !step.needs.is_empty() || step.working_directory.is_some()
        }
        ["git_branch" | "git_commit"] => run.plan().steps.iter().any(|step| step.kind == "git"),
        _ => false,
    }
}

/// Why a step will be skipped, where that is certain by now.
#[must_use]
pub fn skip(run: &Run, facts: &PlanFacts, step: StepIndex) -> Option<String> {
    if !planning::is_skipped(run.plan(), facts, &run.plan().steps[step]) {
        return None;
    }
    match run.verdict(step) {
        Verdict::Skip(why) => Some(why),
        Verdict::Holds | Verdict::Broken(_) => None,
    }
}

fn fill(value: &Json, known: &dyn Fn(&[String]) -> Lookup) -> Json {
    match value {
        Json::String(text) => Json::String(fill_text(text, known)),
        Json::Array(items) => items.iter().map(|item| fill(item, known)).collect(),
        Json::Object(map) => map.iter().map(|(key, item)| (key.clone(), fill(item, known))).collect(),
        Json::Null | Json::Bool(_) | Json::Number(_) => value.clone(),
    }
}

fn fill_text(text: &str, known: &dyn Fn(&[String]) -> Lookup) -> String {
    let Ok(template) = Template::parse(text) else { return text.to_owned() };
    let mut filled = String::with_capacity(text.len());
    let mut done = 0;
    for (range, _) in template.holes() {
        let hole = &text[range.clone()];
        let value = Template::parse(hole).ok().and_then(|hole| hole.render(known).ok());
        filled.push_str(&text[done..range.start]);
        filled.push_str(value.as_deref().unwrap_or(hole));
        done = range.end;
    }
    filled.push_str(&text[done..]);
    filled
}

/// The secrets that steps name: themselves, in their environment or that of the pipeline, or through a variable.
#[must_use]
pub fn secrets(plan: &Plan, steps: impl Iterator<Item = StepIndex>) -> BTreeSet<String> {
    let mut search = Search { plan, names: BTreeSet::new(), variables: BTreeSet::new() };
    let mut steps = steps.peekable();
    if steps.peek().is_some() {
        plan.env.iter().for_each(|(_, text)| search.text(text));
    }
    for planned in steps.map(|step| &plan.steps[step]) {
        planned.params.values().for_each(|value| search.value(value));
        planned.env.iter().for_each(|(_, text)| search.text(text));
        planned.working_directory.iter().chain(&planned.artifacts).for_each(|text| search.text(text));
    }
    search.names
}

struct Search<'p> {
    plan: &'p Plan,
    names: BTreeSet<String>,
    /// Those that were looked into.
    variables: BTreeSet<&'p str>,
}

impl Search<'_> {
    fn value(&mut self, value: &Json) {
        match value {
            Json::String(text) => self.text(text),
            Json::Array(items) => items.iter().for_each(|item| self.value(item)),
            Json::Object(map) => map.values().for_each(|item| self.value(item)),
            Json::Null | Json::Bool(_) | Json::Number(_) => (),
        }
    }

    fn text(&mut self, text: &str) {
        // A text that is no template names nothing; it was refused long before.
        let Ok(template) = Template::parse(text) else { return };
        for used in template.holes().flat_map(|(_, expr)| expr.names()).filter(|used| !used.optional) {
            match used.path.as_slice() {
                [space, name, ..] if space == "secrets" => {
                    self.names.insert(name.clone());
                }
                [name, ..] => {
                    if let Some((name, value)) = self.plan.late.get_key_value(name)
                        && self.variables.insert(name)
                    {
                        self.value(value);
                    }
                }
                [] => (),
            }
        }
    }
}

#[cfg(test)]
mod tests;
