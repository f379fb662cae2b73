//! What a text means, as far as the API shows it: read once, then remembered.

use std::collections::BTreeSet;

use ansflow_core::diagnostic::{Diagnostic, Position, Span};
use ansflow_core::pipeline::{self, Pipeline, Source, Trigger};
use ansflow_core::plan::Plan;
use ansflow_core::planning::{self, NamedCluster, NamedRegistry, PlanFacts};
use serde_json::{Map, Value as Json};

use super::outline::Outline;

/// A text is no longer than this, in bytes.
pub(crate) const LONGEST: usize = 1024 * 1024;

/// A name is no longer than this, in characters.
const LONGEST_NAME: usize = 200;

/// What a text means.
#[derive(Debug, Clone)]
pub(crate) struct Meaning {
    /// What the pipeline is called, by its text or by who stored it.
    pub(crate) name: String,
    /// Whether the text itself says so.
    pub(crate) names_itself: bool,
    pub(crate) description: String,
    pub(crate) kind: &'static str,
    pub(crate) triggers: Vec<Trigger>,
    pub(crate) variables: Vec<(String, Json)>,
    pub(crate) outline: Outline,
    /// Warnings; of a stored text that is not understood any more, errors too.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The secrets that it names, and where.
    pub(crate) secrets: Vec<(String, Span)>,
    /// The registries that its steps name.
    pub(crate) registries: Vec<NamedRegistry>,
    /// The clusters that its steps name.
    pub(crate) clusters: Vec<NamedCluster>,
    /// Why no run of it can be started now, whatever the run is told.
    pub(crate) cannot_run: Option<String>,
}

impl Meaning {
    /// Reads a text that somebody wants to store or to have checked. `stem` is its name where it gives none itself.
    pub(crate) fn read(text: &str, stem: Option<&str>) -> Result<Meaning, Vec<Diagnostic>> {
        if text.len() > LONGEST {
            let (size, most) = (text.len().div_ceil(1024), LONGEST / 1024);
            let message = format!("the text has {size} KiB, more than the {most} KiB that are stored");
            let help = "move long scripts into files of their own";
            return Err(vec![Diagnostic::error("too-large", START, message).help(help)]);
        }
        let source = Source { text: text.as_bytes(), file_stem: stem.unwrap_or_default(), variables: &Map::new() };
        let (pipeline, mut found) = pipeline::parse(&source);
        let Some(pipeline) = pipeline else { return Err(found) };
        // Whoever gave no place to the name was not the text.
        let names_itself = pipeline.name.span != Span::default();
        let why = (!names_itself && stem.is_none()).then(|| "the pipeline has no `name`".to_owned());
        if let Some(why) = why.or_else(|| check_name(&pipeline.name.value).err()) {
            let place = if names_itself { pipeline.name.span } else { START };
            found.push(Diagnostic::error("bad-name", place, why).help("add `name:` with a short name"));
            return Err(found);
        }
        let plan = match plan(&pipeline) {
            Ok(plan) => plan,
            Err(problems) => {
                found.extend(problems);
                return Err(found);
            }
        };
        found.extend(unavailable(&pipeline, &plan));
        found.sort_by(|a, b| (a.span, a.code).cmp(&(b.span, b.code)));
        Ok(Meaning {
            name: pipeline.name.value.clone(),
            names_itself,
            // A database takes every character but this one.
            description: pipeline.description.clone().unwrap_or_default().replace('\0', "\u{fffd}"),
            kind: pipeline.kind.as_str(),
            triggers: pipeline.triggers.clone(),
            variables: pipeline.variables.iter().map(|own| (own.name.value.clone(), own.value.to_json())).collect(),
            outline: Outline::of(&pipeline, &plan),
            diagnostics: found,
            secrets: pipeline::named_secrets(&pipeline),
            registries: planning::named_registries(&pipeline),
            clusters: planning::named_clusters(&pipeline),
            cannot_run: planning::cannot_run(&plan, &PlanFacts::default())
                .first()
                .map(|step| format!("step `{}` ({}) cannot run yet: {}", step.step, step.kind, step.why)),
        })
    }

    /// Reads a text that is stored, which was well when it was: one that is not any more can still be looked at.
    pub(crate) fn of_stored(text: &str, name: &str) -> Meaning {
        Meaning::read(text, Some(name)).unwrap_or_else(|found| {
            let first = found.iter().find(|problem| problem.is_error());
            let why = first.map_or("", |problem| problem.message.as_str());
            Meaning {
                name: name.to_owned(),
                names_itself: false,
                description: String::new(),
                kind: "local",
                triggers: Vec::new(),
                variables: Vec::new(),
                outline: Outline::empty(name),
                cannot_run: Some(format!("this version of AnsFlow does not understand its text: {why}")),
                diagnostics: found,
                secrets: Vec::new(),
                registries: Vec::new(),
                clusters: Vec::new(),
            }
        })
    }

    /// What is said of secrets that are not there.
    pub(crate) fn without_secrets(&self, missing: &BTreeSet<String>) -> Vec<Diagnostic> {
        let gone = self.secrets.iter().filter(|(name, _)| missing.contains(name));
        gone.map(|(name, span)| {
            Diagnostic::warning("missing-secret", *span, format!("there is no secret `{name}`"))
                .help("add it under secrets before the pipeline runs")
        })
        .collect()
    }

    /// What is said of the registries that its steps name, where these are known.
    pub(crate) fn about_registries(&self, known: &BTreeSet<String>) -> Vec<Diagnostic> {
        self.registries.iter().filter_map(|named| named.warning(known)).collect()
    }

    /// What is said of the clusters that its steps name, where these are known.
    pub(crate) fn about_clusters(&self, known: &BTreeSet<String>) -> Vec<Diagnostic> {
        self.clusters.iter().filter_map(|named| named.warning(known)).collect()
    }
}

const START: Span = {
    let first = Position { line: 1, column: 1, offset: 0 };
    Span { start: first, end: first }
};

/// Why this cannot be a pipeline's name.
///
/// # Errors
/// The reason, as a fragment.
pub(crate) fn check_name(name: &str) -> Result<(), String> {
    if name.trim().is_empty() {
        return Err("the name is empty".to_owned());
    }
    if name.contains(char::is_control) {
        return Err("the name holds a control character".to_owned());
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(format!("the name is longer than {LONGEST_NAME} characters"));
    }
    Ok(())
}

/// The plan of a run that is told whatever it may be told, so that what is not known yet stops nothing.
fn plan(pipeline: &Pipeline) -> Result<Plan, Vec<Diagnostic>> {
    const ENVIRONMENT: &str = "environment";
    let mut facts =
        PlanFacts { git_branch: Some(String::new()), git_commit: Some(String::new()), ..PlanFacts::default() };
    let own = pipeline.variables.iter().any(|variable| variable.name.value == ENVIRONMENT);
    if !own {
        facts.variables.insert(ENVIRONMENT.to_owned(), Json::String(String::new()));
    }
    let mut plan = planning::plan(pipeline, &facts)?;
    if !own {
        plan.variables.remove(ENVIRONMENT);
    }
    Ok(plan)
}

/// A warning for each step that cannot run yet, also where a condition may skip it.
fn unavailable(pipeline: &Pipeline, plan: &Plan) -> Vec<Diagnostic> {
    let mut all = plan.clone();
    all.steps.iter_mut().for_each(|step| step.conditions.clear());
    let refused = planning::cannot_run(&all, &PlanFacts::default());
    let places: std::collections::HashMap<&str, Span> =
        pipeline.steps.iter().map(|step| (step.name.as_str(), step.name.span)).collect();
    refused
        .iter()
        .map(|step| {
            let place = places.get(step.step.as_str()).copied().unwrap_or_default();
            let message = format!("step `{}` ({}) cannot run yet: {}", step.step, step.kind, step.why);
            Diagnostic::warning("not-available", place, message)
        })
        .collect()
}
