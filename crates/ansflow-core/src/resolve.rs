//! From a planned step to what its attempt does, at the moment it starts: every `{{ }}` filled, every value judged.
//!
//! Pure: the environment and the secrets are handed in, and what comes out may hold secrets, so nobody stores it.

pub(crate) mod directory;
mod docker;
mod fields;
mod kubernetes;
mod notify;
mod scope;
mod shell;
mod tree;
pub(crate) mod words;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::catalog;
use crate::plan::{PipelineKind, PlannedStep, StepIndex};
use crate::run::Run;
use crate::spec::{Ansible, Container, Git, PodPlace, ScriptFile, StepSpec};
use fields::Fields;
use scope::Scope;

/// Where values come from.
pub struct World<'a> {
    /// The run, with the results of its steps.
    pub run: &'a Run,
    /// The environment that AnsFlow itself was started with.
    pub env: &'a dyn Fn(&str) -> Option<String>,
    /// Secrets by name.
    pub secrets: &'a BTreeMap<String, String>,
}

/// What an attempt does, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// What.
    pub spec: StepSpec,
    /// The pipeline's and the step's own environment, the latter winning.
    pub env: Vec<(String, String)>,
    /// Directory relative to the workspace; empty: the workspace itself.
    pub directory: String,
    /// Files that are kept, as globs below the directory.
    pub artifacts: Vec<String>,
    /// Where a shell text or a script runs; none: on the host.
    pub container: Option<Container>,
    /// The pod that it runs in, where it runs in a cluster.
    pub pod: Option<PodPlace>,
}

/// What an attempt of this step does.
///
/// # Errors
/// A sentence that names the step, the parameter, what has no value, and what to do.
pub fn resolve(world: &World<'_>, step: StepIndex) -> Result<Resolved, String> {
    let planned = &world.run.plan().steps[step];
    let mut scope = Scope::of(world, step)?;
    let directory = match &planned.working_directory {
        Some(text) => {
            let path = scope.text("working_directory", text)?;
            let workspace = &world.run.created().facts.workspace;
            directory::below(workspace, &path).map_err(|why| scope.say("working_directory", &why))?
        }
        None => world.run.directory(step).to_owned(),
    };
    scope.works_in(&directory);
    let artifacts = planned.artifacts.iter().map(|glob| scope.text("artifacts", glob)).collect::<Result<_, _>>()?;
    let fields = Fields { step: planned, scope: &scope };
    let container = match (planned.kind.as_str(), world.run.plan().kind) {
        ("command" | "script", PipelineKind::Docker | PipelineKind::Hybrid) => docker::container(&fields)?,
        _ => None,
    };
    let pod = match (planned.kind.as_str(), world.run.plan().kind) {
        ("command" | "script", PipelineKind::Kubernetes) => Some(kubernetes::pod(&fields)?),
        _ => None,
    };
    Ok(Resolved { spec: spec(&fields, &directory)?, env: scope.env(), directory, artifacts, container, pod })
}

/// What the people who are asked before this step are told.
///
/// # Errors
/// As [`resolve`].
pub fn approval_message(world: &World<'_>, step: StepIndex) -> Result<Option<String>, String> {
    let message = world.run.plan().steps[step].approval.as_ref().and_then(|approval| approval.message.as_ref());
    message.map(|text| Scope::of(world, step)?.text("message", text)).transpose()
}

fn spec(fields: &Fields<'_>, directory: &str) -> Result<StepSpec, String> {
    let step: &PlannedStep = fields.step;
    match step.kind.as_str() {
        "command" => shell::shell(fields, "command"),
        "script" if step.params.contains_key("path") => {
            Ok(StepSpec::ScriptFile(ScriptFile { path: fields.required("path")?, args: fields.words("args")? }))
        }
        "script" => shell::shell(fields, "script"),
        "ansible" => Ok(StepSpec::Ansible(Ansible {
            playbook: fields.required("playbook")?,
            inventory: fields.text("inventory")?,
            extra_vars: fields.map("extra_vars")?,
            tags: fields.list("tags")?,
            skip_tags: fields.list("skip_tags")?,
            limit: fields.text("limit")?,
            r#become: fields.boolean("become")?,
            check_mode: fields.boolean("check_mode")?,
            verbose: fields.integer("verbose", 0, 4)?.unwrap_or_default(),
            user: fields.text("user")?,
            private_key: fields.text("private_key")?,
            vault_password: fields.text("vault_password")?,
        })),
        "git" => Ok(StepSpec::Git(Git {
            repository: fields.required("repository")?,
            reference: fields.text("ref")?,
            path: fields.text("path")?,
            depth: fields.integer("depth", 0, 1_000_000)?.unwrap_or_default(),
            submodules: fields.boolean("submodules")?,
            username: fields.text("username")?,
            password: fields.text("password")?,
            ssh_key: fields.text("ssh_key")?,
            known_hosts: fields.text("known_hosts")?,
        })),
        "notify" => notify::notify(fields),
        "docker_build" => docker::build(fields, directory),
        "docker_run" => docker::run(fields),
        "docker_push" => docker::push(fields),
        "docker_pull" => docker::pull(fields),
        "k8s_deploy" => kubernetes::deploy(fields),
        "k8s_scale" => kubernetes::scale(fields),
        "k8s_delete" => kubernetes::delete(fields),
        "k8s_wait" => kubernetes::wait(fields),
        "k8s_exec" => kubernetes::exec(fields),
        "k8s_logs" => kubernetes::logs(fields),
        "approval" => Ok(StepSpec::Approval),
        other => {
            let why = catalog::find(other).and_then(|kind| kind.unavailable).unwrap_or("there is no such step type");
            Err(format!("step `{}` of type `{other}` cannot run: {why}", step.name))
        }
    }
}
