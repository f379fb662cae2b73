//! From a file to a plan: everything that can be wrong is found here, before anything starts.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ansflow_core::diagnostic::Diagnostic;
use ansflow_core::pipeline::{self, Pipeline, Source};
use ansflow_core::plan::{Plan, StepIndex};
use ansflow_core::planning::{self, PlanFacts};
use anyhow::{Context, Result};
use serde_json::{Map, Value as Json};

use super::git::Checkout;
use crate::exit::Refused;
use crate::terminal::{diagnostics, err, paint::Paint};

/// A pipeline file and its text.
#[derive(Debug)]
pub(crate) struct File {
    /// As it was named.
    pub(crate) path: PathBuf,
    /// Its bytes; whether they are text is for the parser to say.
    pub(crate) bytes: Vec<u8>,
}

impl File {
    /// Reads it.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|problem| match problem.kind() {
            std::io::ErrorKind::NotFound => {
                anyhow::Error::from(Refused::invalid(format!("there is no file `{}`", path.display())))
            }
            _ => anyhow::Error::from(problem)
                .context(Refused::invalid(format!("the file `{}` cannot be read", path.display()))),
        })?;
        Ok(Self { path: path.to_owned(), bytes })
    }

    /// Its text, as far as it is text: for excerpts.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// What it means, and what is wrong with it.
    pub(crate) fn parse(&self, variables: &Map<String, Json>) -> (Option<Pipeline>, Vec<Diagnostic>) {
        let stem = self.path.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
        pipeline::parse(&Source { text: &self.bytes, file_stem: &stem, variables })
    }
}

/// `--var K=V`, each a text.
pub(crate) fn variables(pairs: &[String]) -> Result<Map<String, Json>> {
    let mut variables = Map::new();
    for pair in pairs {
        let (key, value) = pair.split_once('=').filter(|(key, _)| !key.is_empty()).ok_or_else(|| {
            Refused::invalid(format!("`--var {pair}` is no name with a value")).help("write --var NAME=VALUE")
        })?;
        if pipeline::RESERVED.contains(&key) {
            return Err(Refused::invalid(format!("`--var {pair}`: `{key}` is a name of AnsFlow's own")).into());
        }
        variables.insert(key.to_owned(), Json::from(value));
    }
    Ok(variables)
}

/// The absolute path of the workspace.
pub(crate) fn workspace(dir: Option<&Path>) -> Result<PathBuf> {
    let dir = dir.unwrap_or(Path::new("."));
    dir.canonicalize().with_context(|| Refused::invalid(format!("the workspace `{}` is not there", dir.display())))
}

/// What is known before the run starts.
pub(crate) fn facts(variables: Map<String, Json>, workspace: &Path) -> PlanFacts {
    let checkout = Checkout::of(workspace);
    // `--var git_commit=…` stands in where there is no checkout, and wins where there is one.
    let said = |name: &str| variables.get(name).and_then(Json::as_str).map(str::to_owned);
    PlanFacts {
        git_branch: said("git_branch").or(checkout.branch),
        git_commit: said("git_commit").or(checkout.commit),
        variables,
        registries: None,
        clusters: None,
    }
}

/// The plan of a file, or the refusal after its problems have been told.
pub(crate) fn plan(file: &File, facts: &PlanFacts) -> Result<Plan> {
    let (pipeline, problems) = file.parse(&facts.variables);
    let (warnings, errors): (Vec<_>, Vec<_>) = problems.into_iter().partition(|problem| !problem.is_error());
    let besides = pipeline.as_ref().map(|pipeline| planning::warnings(pipeline, facts)).unwrap_or_default();
    let planned = match pipeline {
        Some(pipeline) if errors.is_empty() => planning::plan(&pipeline, facts),
        Some(_) | None => Err(errors),
    };
    let tell =
        |problems: &[Diagnostic]| err(&diagnostics::for_people(&file.path, &file.text(), problems, Paint::stderr()));
    // What was a warning as long as nothing was known is told once, as the error that it has become.
    let is_repeated = |warning: &Diagnostic| {
        planned.as_ref().is_err_and(|errors| errors.iter().any(|error| error.message == warning.message))
    };
    tell(&warnings.into_iter().filter(|warning| !is_repeated(warning)).collect::<Vec<_>>());
    tell(&besides);
    planned.map_err(|errors| {
        tell(&errors);
        let count = match errors.len() {
            1 => "an error".to_owned(),
            several => format!("{several} errors"),
        };
        Refused::invalid(format!("`{}` has {count}; nothing was started", file.path.display())).into()
    })
}

/// Refuses a plan with steps that cannot run yet, naming each; steps that are left out are no hindrance.
pub(crate) fn refuse_what_cannot_run(plan: &Plan, facts: &PlanFacts, left_out: &[StepIndex]) -> Result<()> {
    let mut refused = planning::cannot_run(plan, facts);
    refused.retain(|one| !left_out.iter().any(|step| plan.steps[*step].name == one.step));
    if refused.is_empty() {
        return Ok(());
    }
    for one in &refused {
        err(&format!("step `{}` ({}) cannot run yet: {}\n", one.step, one.kind, one.why));
    }
    let kinds: BTreeSet<&str> = refused.iter().map(|one| one.kind.as_str()).collect();
    let kinds: Vec<&str> = kinds.into_iter().collect();
    let steps = if refused.len() == 1 { "a step".to_owned() } else { format!("{} steps", refused.len()) };
    Err(Refused::invalid(format!("{steps} cannot run yet ({}); nothing was started", kinds.join(", ")))
        .help("`ansflow steps` lists what runs; a condition that skips the step lets the rest run")
        .into())
}
