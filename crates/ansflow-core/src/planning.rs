//! From a pipeline to what a run of it will do: order, needs, values that are known by now.
//!
//! A plan says what the file means and nothing about how far it has come. Defaults of the catalogue stay there: a plan
//! holds what was written and what was inherited, so that a better default reaches old pipelines.

mod by_now;
mod clusters;
mod facts;
mod late;
mod refused;
mod registries;

#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value as Json};

pub use clusters::{NamedCluster, named_clusters};
pub(crate) use refused::is_skipped;
pub use refused::{Refused, cannot_run, sends_mail};
pub use registries::{DEFAULT_REGISTRY, NamedRegistry, named_registries, needs_default, warnings};

use crate::catalog::{Category, Inherit, ParamKind};
use crate::diagnostic::Diagnostic;
use crate::pipeline::inherit::{Inherited, WITH_REGISTRY, handed_on};
use crate::pipeline::{EnvVar, Pipeline, Sequence, Step, Variables};
use crate::plan::{Approval, Condition, PipelineKind, Plan, PlannedGroup, PlannedStep};

/// What is known when a run is planned.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PlanFacts {
    /// Variables from outside the file, such as `--var`: data, never looked at for `{{ }}`.
    pub variables: Map<String, Json>,
    /// The workspace's git branch, where there is one.
    pub git_branch: Option<String>,
    /// The workspace's git commit, where there is one.
    pub git_commit: Option<String>,
    /// Names and ids of the registries that are stored or mapped, where that is known.
    pub registries: Option<BTreeSet<String>>,
    /// Names and ids of the clusters that are stored or mapped, where that is known.
    pub clusters: Option<BTreeSet<String>>,
}

/// What a run of the pipeline will do.
///
/// # Errors
/// Values that are needed and not known, such as `git_branch` in a text outside a git checkout.
pub fn plan(pipeline: &Pipeline, facts: &PlanFacts) -> Result<Plan, Vec<Diagnostic>> {
    let (sequence, mut problems) = Sequence::of(pipeline);
    let (variables, circles) = Variables::of(&pipeline.variables, &facts.variables);
    problems.extend(circles);
    let values = late::split(&variables, &facts.variables, &mut problems);
    let mut groups = Groups::of(pipeline);
    let inherited = Inherited::of(pipeline, &sequence);
    let steps =
        (0..sequence.shown.len()).map(|place| planned(pipeline, &sequence, &inherited, place, &mut groups)).collect();
    let plan = Plan {
        pipeline: pipeline.name.value.clone(),
        kind: pipeline.kind,
        variables: values.now,
        late: values.late,
        env: pairs(&pipeline.env),
        timeout_ms: pipeline.timeout_ms,
        groups: groups.planned,
        steps,
    };
    problems.extend(facts::missing(pipeline, &sequence, &plan, facts));
    problems.extend(registries::without_default(pipeline, &sequence, facts));
    if problems.iter().any(Diagnostic::is_error) { Err(problems) } else { Ok(plan) }
}

fn planned<'p>(
    pipeline: &'p Pipeline,
    sequence: &Sequence,
    inherited: &Inherited,
    place: usize,
    groups: &mut Groups<'p>,
) -> PlannedStep {
    let step = &pipeline.steps[sequence.shown[place]];
    let when = step.when.iter().map(|when| Condition::Expression(when.text.clone()));
    let from = |kind: Inherit| {
        inherited.source(place, kind).and_then(|source| handed_on(&pipeline.steps[sequence.shown[source]], kind))
    };
    let registry = inherited.source(place, Inherit::Registry).map(|source| &pipeline.steps[sequence.shown[source]]);
    PlannedStep {
        name: step.name.value.clone(),
        kind: step.kind.word.to_owned(),
        stage: step.stage.map(|stage| pipeline.stages[stage].value.clone()),
        needs: sequence.follows[place].clone(),
        group: step.group.as_ref().map(|group| groups.index(group.as_str())),
        conditions: when.chain(step.conditions.iter().map(|condition| condition.condition.clone())).collect(),
        retry: step.retry.clone().unwrap_or_default(),
        timeout_ms: step.timeout_ms,
        approval: step.approval.as_ref().map(|approval| Approval {
            approvers: approval.approvers.clone(),
            required: approval.required,
            timeout_ms: approval.timeout_ms,
            message: approval.message.as_ref().map(|message| message.text.clone()),
        }),
        continue_on_failure: step.continue_on_failure,
        env: pairs(&step.env),
        working_directory: step.working_directory.as_ref().map(|directory| directory.text.clone()),
        artifacts: step.artifacts.iter().map(|glob| glob.text.clone()).collect(),
        cache: step.cache.clone(),
        params: with_place(pipeline, step, &from, params(step, &from, registry)),
    }
}

/// In a pipeline of type `docker` or `kubernetes`, a shell step that names no image runs in the pipeline's; in one of type
/// `kubernetes` it runs where the steps before it did.
fn with_place(
    pipeline: &Pipeline,
    step: &Step,
    from: &dyn Fn(Inherit) -> Option<String>,
    mut params: Map<String, Json>,
) -> Map<String, Json> {
    let is_in_a_container = matches!(pipeline.kind, PipelineKind::Docker | PipelineKind::Kubernetes);
    if step.kind.category != Category::Shell || !is_in_a_container {
        return params;
    }
    let mut fill = |key: &str, text: Option<String>| {
        if let Some(text) = text.filter(|_| !params.contains_key(key)) {
            params.insert(key.to_owned(), Json::String(text));
        }
    };
    fill("image", pipeline.image.as_ref().map(|image| image.text.clone()));
    if pipeline.kind == PipelineKind::Kubernetes {
        fill("cluster", from(Inherit::Cluster));
        fill("namespace", from(Inherit::Namespace));
    }
    params
}

fn pairs(env: &[EnvVar]) -> Vec<(String, String)> {
    env.iter().map(|variable| (variable.name.value.clone(), variable.value.text.clone())).collect()
}

/// What was written, and what comes from earlier steps.
fn params(step: &Step, from: &dyn Fn(Inherit) -> Option<String>, registry: Option<&Step>) -> Map<String, Json> {
    let mut params: Map<String, Json> =
        step.params.settings.iter().map(|setting| (setting.param.key.to_owned(), setting.value.to_json())).collect();
    for param in step.kind.params {
        if param.inherits == Some(Inherit::Registry) {
            take_over_registry(step, registry, &mut params);
        } else if let Some(kind) = param.inherits
            && !params.contains_key(param.key)
            && let Some(text) = from(kind)
        {
            params.insert(param.key.to_owned(), Json::String(text));
        }
        if let ParamKind::Object(inner) = param.kind
            && let Some(Json::Object(given)) = params.get_mut(param.key)
        {
            for param in inner.iter().filter(|param| !given.contains_key(param.key)).collect::<Vec<_>>() {
                if let Some(text) = param.inherits.and_then(from) {
                    given.insert(param.key.to_owned(), Json::String(text));
                }
            }
        }
    }
    params
}

/// All that says which registry, from one step: parts of two would name a third.
fn take_over_registry(step: &Step, from: Option<&Step>, params: &mut Map<String, Json>) {
    let Some(from) = from.filter(|_| !params.contains_key("registry") && !params.contains_key("registry_url")) else {
        return;
    };
    for key in WITH_REGISTRY.into_iter().filter(|key| step.kind.param(key).is_some()) {
        if let Some(given) = from.params.get(key) {
            params.insert(key.to_owned(), given.value.to_json());
        }
    }
}

/// Parallel groups get their index when the first member is planned; one that nobody uses is no part of the plan.
struct Groups<'p> {
    pipeline: &'p Pipeline,
    planned: Vec<PlannedGroup>,
    index: HashMap<&'p str, usize>,
}

impl<'p> Groups<'p> {
    fn of(pipeline: &'p Pipeline) -> Self {
        Self { pipeline, planned: Vec::new(), index: HashMap::new() }
    }

    fn index(&mut self, name: &'p str) -> usize {
        if let Some(index) = self.index.get(name) {
            return *index;
        }
        let declared = self.pipeline.groups.iter().find(|group| group.name.value == name);
        self.planned.push(PlannedGroup {
            name: name.to_owned(),
            policy: declared.map(|group| group.policy).unwrap_or_default(),
            timeout_ms: declared.and_then(|group| group.timeout_ms),
        });
        self.index.insert(name, self.planned.len() - 1);
        self.planned.len() - 1
    }
}
